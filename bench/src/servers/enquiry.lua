-- Small submissions for wrk, each with its own reference. Prints the results as a line of JSON.
-- The arguments (name=value) are further form fields.

local boundary = "----WebKitFormBoundaryAbCdEfGhIjKlMnOp"
local answers = {
  "contact_name=Ana Gross", "contact_email=ana@example.com", "town=Berlin", "work=repair",
  "note=Slate, of 1911, with two dormers.",
}
local threads = {}

local function part(text)
  local name, value = text:match("^(.-)=(.*)$")
  return "--" .. boundary .. '\r\nContent-Disposition: form-data; name="' .. name
    .. '"\r\n\r\n' .. value .. "\r\n"
end

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  math.randomseed(os.time())
  failed = 0
  wrk.method = "POST"
  wrk.headers["Accept"] = "application/json"
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
  local parts = {}
  for _, text in ipairs(answers) do table.insert(parts, part(text)) end
  for _, text in ipairs(arguments) do table.insert(parts, part(text)) end
  always = table.concat(parts)
end

function request()
  local digits = {}
  for i = 1, 8 do digits[i] = string.format("%04x", math.random(0, 65535)) end
  local reference = part("external_reference_id=web-" .. table.concat(digits))
  return wrk.format(nil, nil, nil, always .. reference .. "--" .. boundary .. "--\r\n")
end

function response(status, _, body)
  if status ~= 200 or not body:find("success", 1, true) then failed = failed + 1 end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do failed = failed + thread:get("failed") end
  print(string.format(
    'figures {"submissions": %d, "microseconds": %d, "p50": %d, "p99": %d, "failed": %d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed
  ))
end
