#include "recipe/shell_script.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/error.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {
namespace {

std::string again(const std::string& text) {
    return print_shell(parse_shell(text, "script"));
}

std::string output_of(const std::string& script) {
    const ProcessResult result = run_process({.argv = {"sh", "-c", script}});
    return result.out + result.err + std::to_string(result.exit);
}

TEST(ShellScript, IsPrintedAsPeopleWriteIt) {
    const std::string text =
        "# why\n"
        "if [ -n \"$a\" ] && ! grep -q x <f; then\n"
        "    echo 'a b' >>\"$f\" 2>&1 # the fault\n"
        "elif true; then\n"
        "    :\n"
        "else\n"
        "    b=$(c | d) e &\n"
        "fi\n"
        "case $x in\n"
        "a | b*)\n"
        "    c\n"
        "    ;;\n"
        "esac\n"
        "for x in 1 2; do\n"
        "    until y; do\n"
        "        z=$((z + 1))\n"
        "    done\n"
        "done\n"
        "cat >f <<END\n"
        "${a:-b} \\$c\n"
        "END\n"
        "(\n"
        "    cd /\n"
        ") || exit 1\n";
    EXPECT_EQ(again(text).substr(0, text.find("(\n    cd")), text.substr(0, text.find("(\n    cd")));
    EXPECT_EQ(again(again(text)), again(text));
}

TEST(ShellScript, MeansTheSameWhenPrinted) {
    for (const std::string text : {
             R"sh(a='it'\''s'; echo "$a" "a\$b" \$c 'd"e' "f'g" '' "" "$(echo "x  y")" x"$a"y ${a}z)sh",
             "cat <<'E' && echo done\n$x `y` \\z\nE\necho after",
             "cat <<E | tr a b\na $((1 + 2)) \\$x \\\\\nE",
             "x=1; echo ${x:-2} ${y:-\"3 4\"} ${x:+5} ${x#1} \"${y-}\" $#",
             "f() { echo \"$1\" && return 3; }; f a || echo $?",
             "{ echo a; echo b >&2; } 2>/dev/null; (exit 3) || echo $?",
             "for i in a b; do case $i in a) echo A ;; *) echo other ;; esac; done",
             "! true | false && echo yes; echo '#' no # comment",
             "echo a\\\n b; [ a = b ] || { echo c && false; } || echo d",
             "sleep 0 & wait; n=0; while [ $n -lt 2 ]; do n=$((n + 1)); echo $n; done",
         })
        EXPECT_EQ(output_of(again(text)), output_of(text)) << text << "\n--\n" << again(text);
}

TEST(ShellScript, IsReadWholeInEveryCase) {
    std::size_t scripts = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(CLAMPROOF_SOURCE_DIR "/cases")) {
        if (file.path().extension() != ".sh") continue;
        ++scripts;
        const std::string once = again(read_file(file.path()));
        EXPECT_EQ(again(once), once) << file.path();
        EXPECT_EQ(output_of("set -n\n" + once), "0") << file.path();
    }
    EXPECT_GT(scripts, 100U);
}

TEST(ShellScript, TextIsDataWhateverItHolds) {
    for (const std::string hostile : {"$(echo run)", "`echo run`", "a b", "it's", "\"", "\\", "*",
                                      "; echo run", "a\nb", "", "-n", "#", "$x'\"`\\"}) {
        Command echo;
        echo.words = {literal_word("printf"), literal_word("%s|"), literal_word(hostile)};
        EXPECT_EQ(output_of(print_shell({echo})), hostile + "|0");
        Command here;
        here.words = {literal_word("cat")};
        here.redirects = {{.op = "<<",
                           .target = literal_word("END"),
                           .document = std::make_shared<HereDocument>(
                               HereDocument{.end = "END", .body = literal_word(hostile + "\n")})}};
        EXPECT_EQ(output_of(print_shell({here})), hostile + "\n0");
    }
}

TEST(ShellScript, WhatItCannotReadIsSaidWithItsLine) {
    const auto complaint = [](const std::string& text) -> std::string {
        try {
            parse_shell(text, "fix.sh");
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(complaint("echo\nx=`y`"),
              "fix.sh:2: cannot be read as shell: backquotes are not read: write $(…)");
    for (const char* broken : {"'", "\"", "$(", "if x; then", "a ||", "fi", "cat <<E\nx", "x )", "case x in",
                               "$((1", "f( {", "${x"})
        EXPECT_NE(complaint(broken), "") << broken;
    std::string deep;
    for (int n = 0; n < 100'000; ++n) deep += "( ";
    EXPECT_NE(complaint(deep).find("nests too deeply"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
