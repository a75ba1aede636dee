#include "recipe/script_writer.h"

#include <gtest/gtest.h>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

constexpr const char* library = R"sh(
place=/srv/place
because() { :; }
say() { echo "$1" >"$place"; }
tell() { echo "<$1>"; }
set_key() {
    sed -i "/^$1 /d" "$CLAMD_CONF"
    [ -z "$2" ] || echo "$1 $2" >>"$CLAMD_CONF"
}
restart() { if [ "$FACT_INIT" = systemd ]; then systemctl restart it; else service it restart; fi; }
where() { echo "/run/$1"; }
await() {
    seconds=$1
    shift 2
    until "$@" || [ "$seconds" -le 0 ]; do
        sleep 1
    done
}
scan() { ${scanner-} clamdscan --config="${2:-$CLAMD_CONF}" "$1" && status=0 || status=$?; }
must_find() {
    scan "$@"
    [ "$status" -eq 1 ]
}
closed() ( x=1; echo "$x" )
early() { [ -e /x ] || return 1; }
)sh";

std::string written(const std::string& script, std::map<std::string, std::string> known = {}) {
    known.insert({{"CLAMD_CONF", "/etc/clamd.conf"}, {"FACT_INIT", "sysvinit"}});
    ScriptWriter writer(known);
    writer.add_library(library, "lib.sh");
    return print_shell(writer.write_out(script, "fix.sh"));
}

std::string complaint(const std::string& script, const std::map<std::string, std::string>& known = {}) {
    try {
        written(script, known);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(ScriptWriter, FunctionsBecomeTheCommandsInThem) {
    EXPECT_EQ(written("set_key MaxThreads 3 # the cure\nrestart"),
              "sed -i '/^MaxThreads /d' /etc/clamd.conf\n"
              "echo 'MaxThreads 3' >>/etc/clamd.conf\n"
              "service it restart\n");
    EXPECT_EQ(written("set_key MaxThreads ''"), "sed -i '/^MaxThreads /d' /etc/clamd.conf\n");
    EXPECT_EQ(written("say \"it's $x\" 2>/dev/null"), "echo \"it's $x\" >/srv/place 2>/dev/null\n");
    EXPECT_EQ(written("log=$(where x)\n[ -s \"$(where x)\" ] && kill \"$(cat \"$(where y)\")\""),
              "log=/run/x\n[ -s /run/x ] && kill \"$(cat /run/y)\"\n");
}

TEST(ScriptWriter, FunctionsOfTheScriptsOwnToo) {
    EXPECT_EQ(
        written(
            "n() { wc -l <\"$1\"; }\nmore() { [ \"$(n \"$f\")\" -gt \"$b\" ]; }\nawait 20 \"a line\" more"),
        "seconds=20\n"
        "until [ \"$(wc -l <\"$f\")\" -gt \"$b\" ] || [ \"$seconds\" -le 0 ]; do\n"
        "    sleep 1\n"
        "done\n");
}

TEST(ScriptWriter, OnlyTheBranchThatIsTakenIsLeft) {
    const std::string script =
        "case $VARIANT_KEY in\npath) a ;;\nm*) b ;;\n*) c ;;\nesac\n"
        "if [ \"$FACT_INIT\" = systemd ]; then d; elif [ -e /x ]; then e; else f; fi\n"
        "[ \"$VARIANT_KEY\" != mode ] || g\n"
        "[ -n \"$VARIANT_KEY\" ] || h\n";
    EXPECT_EQ(written(script, {{"VARIANT_KEY", "mode"}}),
              "b\nif [ -e /x ]; then\n    e\nelse\n    f\nfi\ng\n");
    EXPECT_EQ(written(script, {{"VARIANT_KEY", "path"}, {"FACT_INIT", "systemd"}}), "a\nd\n");
}

TEST(ScriptWriter, WhatOnlySpeaksToTheHarnessIsLeftOut) {
    EXPECT_EQ(written("[ -n \"$x\" ] || because \"no x\"\nif [ -e /x ]; then because y; fi\nuse x"),
              "use x\n");
}

TEST(ScriptWriter, ListsKeepTheirMeaning) {
    EXPECT_EQ(written("failed=0\nmust_find a || failed=1\nexit \"$failed\""),
              "failed=0\nclamdscan --config=/etc/clamd.conf a && status=0 || status=$?\n"
              "[ \"$status\" -eq 1 ] || failed=1\nexit \"$failed\"\n");
    EXPECT_EQ(written("x || { a && b; }"), "x || { a && b; }\n");
    EXPECT_EQ(written("if must_find a b; then c; fi"),
              "clamdscan --config=b a && status=0 || status=$?\nif [ \"$status\" -eq 1 ]; then\n    c\nfi\n");
    EXPECT_EQ(
        written("! must_find a || y"),
        "! { clamdscan --config=/etc/clamd.conf a && status=0 || status=$?; [ \"$status\" -eq 1 ]; } || y\n");
    EXPECT_EQ(written("scanner='runuser -u x --'\nscan a"),
              "scanner='runuser -u x --'\n${scanner-} clamdscan --config=/etc/clamd.conf a && status=0 || "
              "status=$?\n");
}

TEST(ScriptWriter, ShortLoopsAreTurnsOfTheirOwn) {
    EXPECT_EQ(written("for m in path stream; do set_key \"$m\" 1; done"),
              "sed -i '/^path /d' /etc/clamd.conf\necho 'path 1' >>/etc/clamd.conf\n"
              "sed -i '/^stream /d' /etc/clamd.conf\necho 'stream 1' >>/etc/clamd.conf\n");
    EXPECT_EQ(written("for f in /tmp/*; do cat \"$f\"; done"), "for f in /tmp/*; do\n    cat \"$f\"\ndone\n");
}

TEST(ScriptWriter, LaterLibrariesGoBeforeEarlierOnes) {
    ScriptWriter writer({});
    writer.add_library("f() { echo first; }\nplace=/a", "lib.sh");
    writer.add_library("f() { echo \"$place\"; }\nplace=/b", "plain.sh");
    EXPECT_EQ(print_shell(writer.write_out("f", "fix.sh")), "echo /b\n");
}

TEST(ScriptWriter, WhatAGuestTellsIsNeverACommand) {
    for (const std::string told :
         {"$(echo run)", "1.0; echo run", "`echo run`", "'; echo run; '", "\"$(echo run)\"", "*"}) {
        const std::string script =
            written("echo \"clamd $FACT_CLAMD\" $FACT_CLAMD\ntell \"$FACT_CLAMD\"\ncat <<E\n$FACT_CLAMD\nE\n",
                    {{"FACT_CLAMD", told}});
        const ProcessResult result = run_process({.argv = {"sh", "-c", script}});
        EXPECT_EQ(result.out, "clamd " + told + " " + told + "\n<" + told + ">\n" + told + "\n") << script;
    }
    EXPECT_NE(complaint("echo", {{"FACT_CLAMD", "1\nE\necho run"}}).find("FACT_CLAMD"), std::string::npos);
}

TEST(ScriptWriter, WhatHasNoPlainFormIsSaid) {
    EXPECT_EQ(complaint("closed"),
              "fix.sh cannot be written out as plain commands: closed keeps its variables to itself: it "
              "needs a plain form");
    EXPECT_NE(complaint("early").find("early returns early"), std::string::npos);
    EXPECT_NE(complaint("f() { f; }\nf").find("f calls itself"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
