-- May a call to a provider begin? Circuit, hold, seats, requests and tokens a minute in one step.
-- KEYS: circuit, outcomes, seats, requests, tokens, hold.
-- ARGV: seat, most seats, lease in ms, microseconds a request, requests at once,
--       microseconds a token, tokens wanted, tokens at once.
-- Returns {verdict, ms to wait, the circuit's new state or ''}. Nothing is taken but with 'go'.
-- A turn later than FAR can only come from a clock set back.
local FAR = 600 * 1000000
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ms = math.floor(now / 1000)
local seat, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

if redis.call('ZSCORE', KEYS[3], seat) then return {'go', 0, ''} end -- asked twice for one call

local circuit = redis.call('HMGET', KEYS[1], 'state', 'until')
local state, till = circuit[1] or 'closed', tonumber(circuit[2] or 0)
if state ~= 'closed' and till > ms then
  -- Whoever tries now may know sooner than its lease ends.
  return {'open', state == 'half_open' and math.min(till - ms, 1000) or till - ms, ''}
end

local held = redis.call('PTTL', KEYS[6])
if held > 0 then return {'hold', held, ''} end

redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ms)
if redis.call('ZCARD', KEYS[3]) >= most then return {'seats', 0, ''} end

local function turn(key, each, units, burst)
  local at = tonumber(redis.call('GET', key) or now)
  if at < now or at > now + FAR then at = now end
  return at, math.max(0, at - each * math.max(0, burst - units) - now)
end
local each, tokens = tonumber(ARGV[6]), tonumber(ARGV[7])
local request_turn, request_wait = turn(KEYS[4], tonumber(ARGV[4]), 1, tonumber(ARGV[5]))
if request_wait > 0 then return {'requests', math.ceil(request_wait / 1000), ''} end
local token_turn, token_wait = turn(KEYS[5], each, tokens, tonumber(ARGV[8]))
if token_wait > 0 then return {'tokens', math.ceil(token_wait / 1000), ''} end

local function move(key, at)
  redis.call('SET', key, string.format('%.0f', at), 'PX', string.format('%.0f', (at - now) / 1000 + 1000))
end
move(KEYS[4], request_turn + tonumber(ARGV[4]))
move(KEYS[5], token_turn + each * tokens)
redis.call('ZADD', KEYS[3], ms + lease, seat)
redis.call('PEXPIRE', KEYS[3], lease, 'NX')
redis.call('PEXPIRE', KEYS[3], lease, 'GT')
if state == 'closed' then return {'go', 0, ''} end
redis.call('HSET', KEYS[1], 'state', 'half_open', 'until', string.format('%.0f', ms + lease), 'trial', seat)
return {'go', 0, state == 'open' and 'half_open' or ''}
