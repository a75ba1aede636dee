#include "proof/audit_window.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "guest/local_guest_test.h"
#include "support/error.h"

namespace clamproof {
namespace {

// What is asked of the guest is run here: an auditd that writes what it is told, and tells what it lost.
class AuditWindowTest : public testing::Test {
  protected:
    AuditWindowTest() {
        guest_.write(log_, "");
        guest_.write("/proc/sys/kernel/random/boot_id", "boot-1\n");
        guest_.write_command("auditctl", R"(case $1 in
-m) echo "type=USER msg='op=$2'" >>/var/log/audit/audit.log && cat /run/behind >>/var/log/audit/audit.log ;;
-s) cat /run/auditing ;;
esac
)");
        guest_.write_command("sleep", "exit 0\n");
        auditing(412, 0);
        guest_.write("/run/behind", "");
    }

    void auditing(int pid, int lost) {
        guest_.write("/run/auditing",
                     fmt::format("enabled 1\npid {}\nrate_limit 0\nlost {}\nbacklog 0\n", pid, lost));
    }

    static std::string refused(int port) {
        return fmt::format(
            "type=AVC msg=audit(1700000001.500:7): avc:  denied  {{ name_bind }} for  pid=1 comm=\"clamd\" "
            "src={} "
            "scontext=u:r:clamd_t:s0 tcontext=u:r:unreserved_port_t:s0 tclass=tcp_socket permissive=0\n",
            port);
    }
    void refuse(int port) { std::ofstream(guest_.path(log_), std::ios::app) << refused(port); }

    static std::string ports(const std::vector<Denial>& denials) {
        std::string text;
        for (const auto& denial : denials) text += denial.port_text();
        return text;
    }
    template <typename Act>
    static std::string complaint(const Act& act) {
        try {
            act();
            return "none";
        } catch (const InfraError& error) {
            return error.what();
        }
    }

    const std::string log_ = "/var/log/audit/audit.log";
    LocalGuest guest_;
};

TEST_F(AuditWindowTest, HoldsWhatIsRefusedBetweenItsMarks) {
    refuse(1);
    AuditWindow window(guest_);
    refuse(2);
    guest_.write("/run/behind", refused(3));
    EXPECT_EQ(ports(window.denials()), "2") << "neither what was before it nor what comes after";
}

TEST_F(AuditWindowTest, ItsBeginningIsLookedForInOlderLogsAsWell) {
    AuditWindow window(guest_);
    refuse(2);
    fs::rename(guest_.path(log_), guest_.path(log_ + ".1"));
    refuse(3);
    EXPECT_EQ(ports(window.denials()), "2-3");
}

TEST_F(AuditWindowTest, ALogThatHasLostItsBeginningTellsNothing) {
    AuditWindow window(guest_);
    guest_.write(log_, "");
    const std::string why = complaint([&] { window.denials(); });
    EXPECT_NE(why.find("the mark of its beginning is no longer in /var/log/audit/audit.log"),
              std::string::npos)
        << why;
}

TEST_F(AuditWindowTest, AnAuditdThatWritesNothingTellsNothing) {
    AuditWindow window(guest_);
    guest_.write_command("auditctl", "[ $1 != -s ] || cat /run/auditing\n");
    const std::string why = complaint([&] { window.denials(); });
    EXPECT_NE(why.find("auditd does not write to /var/log/audit/audit.log"), std::string::npos) << why;
    EXPECT_NE(complaint([&] { const AuditWindow another(guest_); }), "none") << "nor does one begin";
}

TEST_F(AuditWindowTest, AKernelThatTakesNoMarkTellsNothing) {
    guest_.write_command("auditctl", "exit 1\n");
    EXPECT_NE(complaint([&] { const AuditWindow window(guest_); }), "none");
}

TEST_F(AuditWindowTest, TheStateOfAuditingIsTheGuests) {
    AuditWindow window(guest_);
    EXPECT_EQ(window.begin().state, "412 0 boot-1");
    auditing(412, 7);
    EXPECT_NE(complaint([&] { window.denials(); }).find("the kernel lost audit records (7,"),
              std::string::npos);
    auditing(977, 0);
    EXPECT_NE(complaint([&] { window.denials(); }).find("another auditd runs"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
