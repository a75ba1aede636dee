#include "cli/help_pages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "support/text.h"

namespace clamproof {
namespace {

// Those that people are meant to use.
std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

std::vector<const CLI::Option*> shown_options(const CLI::App& app) {
    return app.get_options([](const CLI::Option* one) { return one->nonpositional(); });
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

// Text for roff: no line of it is taken for a request, and hyphens can be copied.
std::string roff(const std::string& text) {
    std::string safe;
    for (const auto& line : lines_of(text)) {
        if (!safe.empty()) safe += "\n.br\n";
        if (line.front() == '.' || line.front() == '\'') safe += "\\&";
        safe += replaced(replaced(line, "\\", "\\e"), "-", "\\-");
    }
    return safe;
}

std::string roff_of_option(const CLI::Option& option) {
    std::string names;
    for (const auto& name : option.get_snames()) names += "-" + name + ", ";
    for (const auto& name : option.get_lnames()) names += "--" + name + ", ";
    names.resize(names.size() - 2);
    const std::string value = takes_value(option) ? " " + option.get_type_name() : "";
    const std::string usual =
        option.get_default_str().empty() ? "" : fmt::format(" (default: {})", option.get_default_str());
    return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(names), roff(value),
                       roff(option.get_description() + usual));
}

void append_commands(std::string& page, const CLI::App& app, const std::string& called) {
    for (const auto* command : shown_commands(app)) {
        const std::string name = called + " " + command->get_name();
        if (const auto below = shown_commands(*command); !below.empty()) {
            append_commands(page, *command, name);
            continue;
        }
        std::string words = name + " [OPTION]...";
        for (const auto* option :
             command->get_options([](const CLI::Option* one) { return one->get_positional(); }))
            words += " " + option->get_name(true);
        page += fmt::format(".SS \"{}\"\n{}\n", roff(words), roff(command->get_description()));
        for (const auto* option : shown_options(*command)) page += roff_of_option(*option);
        if (!command->get_footer().empty()) page += fmt::format(".PP\n{}\n", roff(command->get_footer()));
    }
}

// The words that may follow a command.
std::string words_after(const CLI::App& app) {
    std::vector<std::string> words;
    for (const auto* command : shown_commands(app)) words.push_back(command->get_name());
    for (const auto* option : shown_options(app))
        for (const auto& name : option->get_lnames()) words.push_back("--" + name);
    return fmt::format("{}", fmt::join(words, " "));
}

void append_bash(std::string& cases, const CLI::App& app, const std::string& called) {
    cases += fmt::format("        '{}') words='{}' ;;\n", called, words_after(app));
    for (const auto* command : shown_commands(app))
        append_bash(cases, *command,
                    called.empty() ? command->get_name() : called + " " + command->get_name());
}

// Within single quotes and square brackets of zsh's _arguments.
std::string zsh_words(std::string text) {
    for (const auto& [what, by] :
         {std::pair("\n", " "), {"'", "'\\''"}, {"[", "("}, {"]", ")"}, {":", "\\:"}})
        text = replaced(text, what, by);
    return text;
}

void append_zsh(std::string& script, const CLI::App& app, const std::string& indent) {
    const auto commands = shown_commands(app);
    if (commands.empty()) {
        script += indent + "_arguments";
        for (const auto* option : shown_options(app))
            for (const auto& name : option->get_lnames())
                script += fmt::format(" \\\n{}    '*--{}[{}]{}'", indent, name,
                                      zsh_words(option->get_description()),
                                      takes_value(*option) ? ":value:_files" : "");
        script += fmt::format(" \\\n{}    '*:file:_files'\n", indent);
        return;
    }
    script += fmt::format("{0}if (( CURRENT == 2 )); then\n{0}    commands=(", indent);
    for (const auto* command : commands)
        script += fmt::format("\n{}        '{}:{}'", indent, command->get_name(),
                              zsh_words(command->get_description()));
    script += fmt::format("\n{0}    )\n{0}    _describe command commands\n{0}    return\n{0}fi\n", indent);
    script += fmt::format("{0}shift words\n{0}(( CURRENT-- ))\n{0}case $words[1] in\n", indent);
    for (const auto* command : commands) {
        script += fmt::format("{}{})\n", indent, command->get_name());
        append_zsh(script, *command, indent + "    ");
        script += indent + "    ;;\n";
    }
    script += indent + "esac\n";
}

}  // namespace

std::string man_page(const CLI::App& app, const std::string& version) {
    std::string page = fmt::format(
        ".TH CLAMPROOF 1 \"\" \"clamproof {}\" \"User Commands\"\n"
        ".SH NAME\nclamproof \\- reproduces known failures of ClamAV's clamd and proves their fixes\n"
        ".SH SYNOPSIS\n.B clamproof\nCOMMAND [OPTION]...\n.SH DESCRIPTION\n{}\n.SH COMMANDS\n",
        version, roff(app.get_description()));
    append_commands(page, app, "clamproof");
    return page + fmt::format(".SH NOTES\n{}\n", roff(app.get_footer()));
}

std::string bash_completion(const CLI::App& app) {
    std::string cases;
    append_bash(cases, app, "");
    return "_clamproof() {\n"
           "    local called='' word words=''\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        case $called in '' | image) [[ $word == -* ]] || called=${called:+$called }$word ;; "
           "esac\n"
           "    done\n"
           "    case $called in\n" +
           cases +
           "    esac\n"
           "    local current=${COMP_WORDS[COMP_CWORD]}\n"
           "    [[ $words != --* || $current == -* ]] || words=''\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
           "}\n"
           "complete -o default -F _clamproof clamproof\n";
}

std::string zsh_completion(const CLI::App& app) {
    std::string script = "#compdef clamproof\nlocal -a commands\n";
    append_zsh(script, app, "");
    return script;
}

}  // namespace clamproof
