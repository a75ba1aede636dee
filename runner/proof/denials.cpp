#include "proof/denials.h"

#include <auparse.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

/// The kernel writes no longer record (MAX_AUDIT_MESSAGE_LENGTH is 8970).
constexpr std::size_t longest_record = 16 * 1024;

struct ParserDeleter {
    void operator()(auparse_state_t* parser) const { auparse_destroy(parser); }
};
using Parser = std::unique_ptr<auparse_state_t, ParserDeleter>;

/// The part of a log line that is safe to give to libauparse; empty where the line is no AVC record.
///
/// The library is made for logs that auditd wrote. It reads text up to a zero byte, loses memory over records
/// without a field, and keeps every record of two seconds to compare it with every other. So it gets one
/// record at a time, of the one type wanted, in printable ASCII (the kernel encodes everything else), and
/// without the names that auditd appends behind a group separator.
std::string clean_record(std::string_view line) {
    line = line.substr(0, line.find('\x1d'));
    take_prefix(line, "audit: ");  // as in the kernel's own log
    std::string_view rest = line;
    if (take_prefix(rest, "node=")) rest.remove_prefix(std::min(rest.find(' ') + 1, rest.size()));
    const bool is_avc = rest.starts_with("type=AVC ") || rest.starts_with("type=1400 ");
    if (!is_avc || line.size() > longest_record) return {};

    std::string record(line);
    std::replace_if(
        record.begin(), record.end(), [](unsigned char byte) { return byte < 0x20 || byte > 0x7e; }, '?');
    return record + '\n';
}

/// The fields of one record, decoded; of several with one name the first.
using Fields = std::map<std::string, std::string, std::less<>>;

std::string field_value(auparse_state_t* parser, std::string_view name) {
    const char* raw = auparse_get_field_str(parser);
    if (!raw) return {};
    std::string_view value = raw;
    if (take_prefix(value, "\"")) return std::string(value.substr(0, value.find('"')));
    // Untrusted strings of odd characters are in hexadecimal. Only they are interpreted: for others, such as
    // user ids, the library would ask the host.
    static constexpr std::string_view encoded[] = {"comm", "name", "path", "profile"};
    if (std::find(std::begin(encoded), std::end(encoded), name) != std::end(encoded)) {
        const char* decoded = auparse_interpret_field(parser);
        if (decoded) value = decoded;
    }
    return value == "(null)" ? std::string() : std::string(value);
}

Fields read_fields(auparse_state_t* parser) {
    Fields fields;
    if (auparse_first_field(parser) <= 0) return fields;
    do {
        if (const char* name = auparse_get_field_name(parser))
            fields.emplace(name, field_value(parser, name));
    } while (auparse_next_field(parser) > 0);
    return fields;
}

std::string field(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
}

std::string first_field(const Fields& fields, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        if (std::string value = field(fields, name); !value.empty()) return value;
    return {};
}

/// The type in user:role:type:level; the whole text where it is no context.
std::string type_of(const std::string& context) {
    const std::size_t role = context.find(':');
    const std::size_t type = role == std::string::npos ? role : context.find(':', role + 1);
    if (type == std::string::npos) return context;
    return context.substr(type + 1, context.find(':', type + 1) - type - 1);
}

std::map<int, int> ports_of(const Fields& fields) {
    for (const std::string_view name : {"src", "dest"}) {
        const auto port = number_from<int>(field(fields, name));
        if (port && *port > 0 && *port <= 65535) return {{*port, 1}};
    }
    return {};
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t to = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

std::vector<Denial> selinux_denials(const Fields& fields) {
    Denial denial{.lsm = "selinux",
                  .source = type_of(field(fields, "scontext")),
                  .target = type_of(field(fields, "tcontext")),
                  .object = field(fields, "tclass"),
                  .permission = {},
                  .comm = field(fields, "comm"),
                  .path = first_field(fields, {"path", "name"}),
                  .ports = ports_of(fields)};
    std::vector<Denial> denials;
    for (std::string& permission : split(field(fields, "seperms"), ',')) {
        denials.push_back(denial);
        denials.back().permission = std::move(permission);
    }
    return denials;
}

Denial apparmor_denial(const Fields& fields) {
    return {.lsm = "apparmor",
            .source = first_field(fields, {"profile", "label"}),
            .target = {},
            .object = field(fields, "operation"),
            .permission = first_field(fields, {"denied_mask", "capname"}),
            .comm = field(fields, "comm"),
            .path = field(fields, "name"),
            .ports = {}};
}

std::vector<Denial> denials_in(const Fields& fields) {
    if (field(fields, "apparmor") == "DENIED") return {apparmor_denial(fields)};
    const bool refused = field(fields, "seresult") == "denied" && field(fields, "permissive") != "1";
    return refused ? selinux_denials(fields) : std::vector<Denial>();
}

/// Counts equal denials.
class Tally {
  public:
    void add(Denial denial) {
        const auto [begin, end] = by_name_.equal_range(name(denial));
        for (auto at = begin; at != end; ++at) {
            Denial& known = denials_[at->second];
            if (!known.same_kind(denial)) continue;
            ++known.count;
            for (const auto& [port, times] : denial.ports) known.ports[port] += times;
            known.first = std::min(known.first, denial.first);
            known.last = std::max(known.last, denial.last);
            return;
        }
        by_name_.emplace(name(denial), denials_.size());
        denials_.push_back(std::move(denial));
    }

    std::vector<Denial> take() { return std::move(denials_); }

  private:
    /// What most often tells kinds apart, so that a guest that makes up many of them costs no time.
    static std::string name(const Denial& denial) { return denial.comm + '\0' + denial.path; }

    std::vector<Denial> denials_;
    std::unordered_multimap<std::string, std::size_t> by_name_;
};

}  // namespace

std::vector<Denial> parse_denials(std::string_view audit_log) {
    // libauparse keeps its place while splitting a line in a variable that all its parsers share.
    static std::mutex one_parser;
    const std::lock_guard lock(one_parser);

    const Parser parser(auparse_init(AUSOURCE_BUFFER, ""));
    if (!parser) throw InfraError(fmt::format("cannot read the audit log: {}", std::strerror(errno)));
    auparse_set_escape_mode(parser.get(), AUPARSE_ESC_RAW);

    Tally tally;
    while (!audit_log.empty()) {
        const std::size_t end = std::min(audit_log.find('\n'), audit_log.size());
        const std::string record = clean_record(audit_log.substr(0, end));
        audit_log.remove_prefix(std::min(end + 1, audit_log.size()));
        if (record.empty() || auparse_new_buffer(parser.get(), record.data(), record.size()) != 0) continue;
        if (auparse_next_event(parser.get()) <= 0) continue;
        const double time =
            static_cast<double>(auparse_get_time(parser.get())) + auparse_get_milli(parser.get()) / 1000.0;
        for (Denial& denial : denials_in(read_fields(parser.get()))) {
            denial.first = denial.last = time;
            tally.add(std::move(denial));
        }
    }
    return tally.take();
}

int count_matching(const DenialPattern& pattern, const std::vector<Denial>& denials) {
    const auto equal = [](const auto& wanted, const auto& value) { return !wanted || *wanted == value; };
    int count = 0;
    for (const Denial& denial : denials) {
        const bool matches = equal(pattern.lsm, denial.lsm) && equal(pattern.comm, denial.comm) &&
                             equal(pattern.object, denial.object) &&
                             equal(pattern.permission, denial.permission) &&
                             equal(pattern.source, denial.source) && equal(pattern.target, denial.target) &&
                             equal(pattern.path, denial.path);
        if (!matches) continue;
        if (!pattern.port) {
            count += denial.count;
        } else if (const auto refused = denial.ports.find(*pattern.port); refused != denial.ports.end()) {
            count += refused->second;
        }
    }
    return count;
}

std::string describe(const Denial& denial) {
    const auto given = [](const std::string& value) {
        return value.empty() ? std::nullopt : std::optional(value);
    };
    const DenialPattern same{.lsm = given(denial.lsm),
                             .comm = given(denial.comm),
                             .object = given(denial.object),
                             .permission = given(denial.permission),
                             .source = given(denial.source),
                             .target = given(denial.target),
                             .path = given(denial.path),
                             .port = {}};
    std::string text = same.text();
    if (!denial.ports.empty()) text += " port=" + denial.port_text();
    return denial.count > 1 ? fmt::format("{}, {} times", text, denial.count) : text;
}

}  // namespace clamproof
