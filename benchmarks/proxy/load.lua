-- Sends the request that the arguments describe (method, host or -, bytes of content), and prints what was measured.
function init(arguments)
    local method, host, length = arguments[1], arguments[2], tonumber(arguments[3])
    local fields = {}
    if host ~= "-" then fields["Host"] = host end
    local content = nil
    if length > 0 then content = string.rep("x", length) end
    request_text = wrk.format(method, nil, fields, content)
end

function request()
    return request_text
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"errors":%d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
