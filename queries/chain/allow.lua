-- May a user ask one more question? Requests in any minute and in a day, questions at once: one step.
-- KEYS: minute, day, seats. ARGV: question's id, requests a minute, a day, at once, lease in ms,
--       ms until the day ends, 1 to take or 0 to look.
-- Returns {verdict, ms to wait, asked in the last minute, ms until the oldest of them is over,
--          asked today}. Nothing is taken but with 'go'.
local WINDOW = 60000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id, a_minute, a_day, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local lease, left = tonumber(ARGV[5]), tonumber(ARGV[6])

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - WINDOW)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local minute, today = redis.call('ZCARD', KEYS[1]), tonumber(redis.call('GET', KEYS[2]) or 0)

local function told(verdict, wait)
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
  local reset = oldest and math.max(0, oldest + WINDOW - now) or 0
  return {verdict, wait, minute, reset, today}
end
local function seat()
  redis.call('ZADD', KEYS[3], now + lease, id)
  redis.call('PEXPIRE', KEYS[3], lease)
end

if ARGV[7] == '0' then return told('go', 0) end
-- The same question taken up again, after a worker died: it was counted.
if redis.call('ZSCORE', KEYS[3], id) then seat() return told('go', 0) end
if redis.call('ZCARD', KEYS[3]) >= most then
  local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2]
  return told('at_once', math.min(first - now, 5000))
end
if not redis.call('ZSCORE', KEYS[1], id) then
  if today >= a_day then return told('day', left) end
  if minute >= a_minute then
    local first = redis.call('ZRANGE', KEYS[1], minute - a_minute, minute - a_minute, 'WITHSCORES')[2]
    return told('minute', math.max(1, first + WINDOW - now))
  end
  redis.call('ZADD', KEYS[1], now, id)
  redis.call('PEXPIRE', KEYS[1], WINDOW)
  redis.call('INCR', KEYS[2])
  redis.call('PEXPIRE', KEYS[2], left + WINDOW)
  minute, today = minute + 1, today + 1
end
seat()
return told('go', 0)
