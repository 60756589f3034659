-- A call has ended: its seat falls free, its tokens are put right, its outcome counts.
-- KEYS: circuit, outcomes, seats, requests, tokens, hold.
-- ARGV: seat, outcome (ok, ill, none), microseconds of tokens to give back (less than 0: to take),
--       ms to hold everybody, reason, fewest ill calls, share of ill ones, ms of a slot, slots,
--       ms of the cool-down.
-- Returns the circuit's new state, or ''.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ms = math.floor(now / 1000)
local seat, outcome, back, held = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

redis.call('ZREM', KEYS[3], seat)
if back ~= 0 then
  local at = math.max(now, tonumber(redis.call('GET', KEYS[5]) or now)) - back
  if at > now then
    redis.call('SET', KEYS[5], string.format('%.0f', at), 'PX', string.format('%.0f', (at - now) / 1000 + 1000))
  else
    redis.call('DEL', KEYS[5])
  end
end
if held > 0 and redis.call('PTTL', KEYS[6]) < held then redis.call('SET', KEYS[6], ARGV[5], 'PX', held) end

local circuit = redis.call('HMGET', KEYS[1], 'state', 'trial')
local state = circuit[1] or 'closed'
local function open()
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'state', 'open', 'until', string.format('%.0f', ms + tonumber(ARGV[10])),
    'since', string.format('%.0f', ms), 'reason', ARGV[5], 'trial', '')
  return 'open'
end

if state ~= 'closed' then
  if state ~= 'half_open' or circuit[2] ~= seat then return '' end -- began before it opened
  if outcome == 'ok' then
    redis.call('DEL', KEYS[1], KEYS[2])
    return 'closed'
  end
  if outcome == 'ill' then return open() end
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', ms), 'trial', '') -- it told nothing: the next one tries
  return ''
end
if outcome == 'none' then return '' end

local length, slots = tonumber(ARGV[8]), tonumber(ARGV[9])
local bucket = math.floor(ms / length)
local slot = bucket % slots
if tonumber(redis.call('HGET', KEYS[2], slot .. ':at') or -1) ~= bucket then
  redis.call('HSET', KEYS[2], slot .. ':at', string.format('%.0f', bucket), slot .. ':ok', 0, slot .. ':ill', 0)
end
redis.call('HINCRBY', KEYS[2], slot .. ':' .. outcome, 1)
redis.call('PEXPIRE', KEYS[2], length * slots)
if outcome == 'ok' then return '' end

local all = redis.call('HGETALL', KEYS[2])
local told = {}
for i = 1, #all, 2 do told[all[i]] = tonumber(all[i + 1]) end
local ok, ill = 0, 0
for i = 0, slots - 1 do
  if (told[i .. ':at'] or -1) > bucket - slots then
    ok, ill = ok + told[i .. ':ok'], ill + told[i .. ':ill']
  end
end
if ill >= tonumber(ARGV[6]) and ill >= tonumber(ARGV[7]) * (ok + ill) then return open() end
return ''
