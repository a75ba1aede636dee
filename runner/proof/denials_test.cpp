#include "proof/denials.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

namespace clamproof {
namespace {

/// As a Debian 11 guest wrote it.
std::string bind_record(int serial, int port) {
    return fmt::format(
        "type=AVC msg=audit(1700000000.{:03}:{}): avc:  denied  {{ name_bind }} for  pid=412 comm=\"clamd\" "
        "src={} "
        "scontext=system_u:system_r:clamd_t:s0 tcontext=system_u:object_r:unreserved_port_t:s0 "
        "tclass=tcp_socket "
        "permissive=0\n"
        "type=SYSCALL msg=audit(1700000000.{:03}:{}): arch=c000003e syscall=49 success=no exit=-13 a0=9 "
        "a1=7ff a2=10 "
        "a3=0 items=0 ppid=1 pid=412 auid=4294967295 uid=107 comm=\"clamd\" exe=\"/usr/sbin/clamd\" "
        "subj=system_u:system_r:clamd_t:s0 key=(null)\n"
        "type=PROCTITLE msg=audit(1700000000.{:03}:{}): proctitle=2F7573722F7362696E2F636C616D64\n",
        serial % 1000, serial, port, serial % 1000, serial, serial % 1000, serial);
}

const std::string apparmor_record =
    "type=AVC msg=audit(1640092373.610:215): apparmor=\"DENIED\" operation=\"open\" "
    "profile=\"/usr/sbin/clamd\" "
    "name=\"/srv/eicar\" pid=1549 comm=\"clamd\" requested_mask=\"r\" denied_mask=\"r\" fsuid=128 ouid=1000";

std::string avc(std::string_view rest) {
    return fmt::format("type=AVC msg=audit(1700000001.500:7): {}\n", rest);
}

Denial only(std::string_view log) {
    const std::vector<Denial> denials = parse_denials(log);
    EXPECT_EQ(denials.size(), 1U) << log;
    return denials.empty() ? Denial{} : denials.front();
}

TEST(ParseDenials, ReadsSelinux) {
    const Denial denial = only(bind_record(215, 1612));
    EXPECT_EQ(denial.lsm, "selinux");
    EXPECT_EQ(denial.source, "clamd_t");
    EXPECT_EQ(denial.target, "unreserved_port_t");
    EXPECT_EQ(denial.object, "tcp_socket");
    EXPECT_EQ(denial.permission, "name_bind");
    EXPECT_EQ(denial.comm, "clamd");
    EXPECT_EQ(denial.path, "");
    EXPECT_EQ(denial.port_text(), "1612");
    EXPECT_EQ(denial.count, 1);
    EXPECT_DOUBLE_EQ(denial.first, 1700000000.215);
    EXPECT_DOUBLE_EQ(denial.last, 1700000000.215);
}

TEST(ParseDenials, ReadsApparmor) {
    const Denial denial = only(apparmor_record);
    EXPECT_EQ(denial.lsm, "apparmor");
    EXPECT_EQ(denial.source, "/usr/sbin/clamd");
    EXPECT_EQ(denial.target, "");
    EXPECT_EQ(denial.object, "open");
    EXPECT_EQ(denial.permission, "r");
    EXPECT_EQ(denial.comm, "clamd");
    EXPECT_EQ(denial.path, "/srv/eicar");
    EXPECT_TRUE(denial.ports.empty());
    EXPECT_DOUBLE_EQ(denial.first, 1640092373.610);
}

TEST(ParseDenials, ReadsTheOtherFormsOfARecord) {
    const std::string enriched = apparmor_record +
                                 "\x1d"
                                 "FSUID=\"clamav\" OUID=\"user\"\n";
    const std::string noded = "node=guest " + apparmor_record + "\n";
    const std::string kernel =
        "audit: type=1400 audit(1640092373.610:215): apparmor=\"DENIED\" operation=\"open\" "
        "profile=\"/usr/sbin/clamd\" name=\"/srv/eicar\" pid=1549 comm=\"clamd\" "
        "requested_mask=\"r\" denied_mask=\"r\" fsuid=128 ouid=1000\n";
    const std::vector<Denial> denials = parse_denials(enriched + noded + kernel);
    ASSERT_EQ(denials.size(), 1U);
    EXPECT_EQ(denials[0].count, 3);
}

TEST(ParseDenials, CountsAThousandPortsAsOneKind) {
    std::string log;
    for (int i = 0; i < 1000; ++i) log += bind_record(i, 1024 + i);
    const Denial denial = only(log);
    EXPECT_EQ(denial.count, 1000);
    EXPECT_EQ(denial.port_text(), "1024-2023");
    EXPECT_DOUBLE_EQ(denial.first, 1700000000.0);
    EXPECT_DOUBLE_EQ(denial.last, 1700000000.999);
}

TEST(ParseDenials, MakesOneDenialOfEveryPermission) {
    const auto denials = parse_denials(
        avc("avc:  denied  { read open } for  pid=1 comm=\"clamd\" path=\"/srv/eicar\" dev=\"vda\" ino=12 "
            "scontext=system_u:system_r:clamd_t:s0-s0:c0.c1023 tcontext=u:object_r:var_t:s0 tclass=file "
            "permissive=0"));
    ASSERT_EQ(denials.size(), 2U);
    EXPECT_EQ(denials[0].permission, "read");
    EXPECT_EQ(denials[1].permission, "open");
    EXPECT_EQ(denials[1].path, "/srv/eicar");
    EXPECT_EQ(denials[1].source, "clamd_t");
    EXPECT_EQ(denials[1].target, "var_t");
}

TEST(ParseDenials, DecodesNames) {
    const Denial selinux =
        only(avc("avc:  denied  { read } for  pid=1 comm=636C616D643A2031 name=6120620A "
                 "scontext=a:b:c_t tcontext=a:b:d_t tclass=file"));
    EXPECT_EQ(selinux.comm, "clamd: 1");
    EXPECT_EQ(selinux.path, "a b\n");
    EXPECT_EQ(selinux.source, "c_t");
    const Denial apparmor =
        only(avc("apparmor=\"DENIED\" operation=\"open\" profile=2F612062 name=2F7372762FFF "
                 "comm=\"clamd\" denied_mask=\"r\""));
    EXPECT_EQ(apparmor.source, "/a b");
    EXPECT_EQ(apparmor.path, "/srv/\xff");
}

TEST(ParseDenials, ReadsTheRestOfWhatIsRefused) {
    EXPECT_EQ(
        only(avc("apparmor=\"DENIED\" operation=\"capable\" profile=\"/usr/sbin/clamd\" pid=1 comm=\"clamd\" "
                 "capability=21  capname=\"sys_admin\""))
            .permission,
        "sys_admin");
    EXPECT_EQ(only(avc("avc:  denied  { name_connect } for  pid=1 comm=\"x\" dest=3310 scontext=a:b:c "
                       "tcontext=a:b:d "
                       "tclass=tcp_socket"))
                  .port_text(),
              "3310");
    EXPECT_EQ(only(avc("apparmor=\"DENIED\" operation=\"open\" info=\"Failed name lookup - disconnected "
                       "path\" error=-13 "
                       "profile=\"/usr/sbin/clamd\" name=\"run/x\" pid=1 comm=\"clamd\" requested_mask=\"r\" "
                       "denied_mask=\"r\""))
                  .path,
              "run/x");
    EXPECT_EQ(
        only(avc("avc:  denied  { read } for  pid=1 name=(null) scontext=kernel tcontext=a:b tclass=file"))
            .source,
        "kernel");
}

TEST(ParseDenials, PassesOverWhatWasNotRefused) {
    EXPECT_TRUE(
        parse_denials(avc("avc:  granted  { name_bind } for  pid=1 scontext=a:b:c tcontext=a:b:d tclass=x"))
            .empty());
    EXPECT_TRUE(parse_denials(
                    avc("avc:  denied  { name_bind } for  pid=1 comm=\"clamd\" scontext=a:b:c tcontext=a:b:d "
                        "tclass=x permissive=1"))
                    .empty());
    EXPECT_TRUE(parse_denials(avc("apparmor=\"ALLOWED\" operation=\"open\" profile=\"x\" denied_mask=\"r\""))
                    .empty());
    EXPECT_TRUE(
        parse_denials(avc("apparmor=\"STATUS\" operation=\"profile_load\" profile=\"unconfined\" name=\"x\""))
            .empty());
    EXPECT_TRUE(
        parse_denials(
            "type=USER_AVC msg=audit(1.0:1): pid=1 msg='avc:  denied  { start } for x=y tclass=service'\n"
            "type=SERVICE_START msg=audit(1.0:2): pid=1 uid=0 msg='unit=clamav-daemon res=success'\n"
            "type=USER msg=audit(1.0:3): text=\"avc: denied { name_bind } comm=clamd\"\n")
            .empty());
    EXPECT_TRUE(parse_denials("").empty());
    EXPECT_TRUE(parse_denials("\n\n").empty());
}

TEST(ParseDenials, KeepsWhatATruncatedRecordSays) {
    const Denial cut = only(avc("avc:  denied  { name_bind } for  pid=412 comm=\"cla"));
    EXPECT_EQ(cut.permission, "name_bind");
    EXPECT_EQ(cut.comm, "cla");
    EXPECT_EQ(cut.source, "");
    EXPECT_TRUE(cut.ports.empty());
    EXPECT_EQ(only(avc("avc:  denied  { name_bind")).permission, "name_bind");
}

TEST(ParseDenials, SurvivesEveryTruncation) {
    const std::string log = bind_record(1, 1505) + apparmor_record;
    for (std::size_t length = 0; length < log.size(); ++length)
        EXPECT_LE(parse_denials(log.substr(0, length)).size(), 2U);
}

TEST(ParseDenials, FindsARecordAmongGarbage) {
    const std::string record = bind_record(1, 1505);
    std::string log("\0\xff\x1d type=AVC\0\n", 14);
    log += std::string(1'000'000, 'x') + "\n" + record;
    log += "type=AVC msg=audit(1700000000.001:5): avc:  denied  { " + std::string(1'000'000, 'y') + " }\n";
    log +=
        "type=AVC \ntype=AVC msg=\ntype=AVC msg=audit(\nnode=\nnode=x\ntype=AVC msg=audit(9e9.x:y): avc: "
        "denied { a } for\n";
    log += "type=AVC msg=audit(1.0:1): ";
    log += '\0';
    log += " avc: \xc3\x28 = = ==\n";
    EXPECT_EQ(count_matching({.comm = "clamd", .permission = "name_bind"}, parse_denials(log + record)), 2);
}

TEST(ParseDenials, SurvivesNoise) {
    std::mt19937 random(20241121);
    const std::string seed = bind_record(1, 1505) + apparmor_record + "\n";
    static constexpr char bytes[] = "\"'={}(): \n\x1d\0\xff,09aZ%/";
    for (int round = 0; round < 1000; ++round) {
        std::string log = seed;
        for (int change = 0; change < 12; ++change)
            log[random() % log.size()] = bytes[random() % (sizeof bytes - 1)];
        parse_denials(log);
    }
}

TEST(ParseDenials, TakesTimeInProportion) {
    std::string log;
    for (int i = 0; i < 10'000; ++i)
        log += avc(fmt::format(
            "apparmor=\"DENIED\" operation=\"open\" profile=\"p\" name=\"/srv/{}\" comm=\"clamd\"", i));
    EXPECT_EQ(parse_denials(log).size(), 10'000U);
}

TEST(ParseDenials, MayRunInSeveralThreads) {
    std::string log;
    for (int i = 0; i < 300; ++i) log += bind_record(i, 1024 + i);
    std::vector<int> counts(4);
    std::vector<std::thread> threads;
    for (int& count : counts) threads.emplace_back([&] { count = count_matching({}, parse_denials(log)); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(counts, std::vector<int>(4, 300));
}

TEST(CountMatching, WantsEqualWhereverThePatternSaysSomething) {
    const auto denials = parse_denials(bind_record(1, 1505) + bind_record(2, 1506) + apparmor_record);
    EXPECT_EQ(count_matching({}, denials), 3);
    EXPECT_EQ(count_matching({.lsm = "selinux"}, denials), 2);
    EXPECT_EQ(count_matching({.lsm = "selinux",
                              .comm = "clamd",
                              .object = "tcp_socket",
                              .permission = "name_bind",
                              .source = "clamd_t",
                              .target = "unreserved_port_t",
                              .path = {},
                              .port = 1505},
                             denials),
              1);
    EXPECT_EQ(count_matching({.path = "/srv/eicar"}, denials), 1);
    EXPECT_EQ(count_matching({.comm = "clam"}, denials), 0);
    EXPECT_EQ(count_matching({.object = "udp_socket"}, denials), 0);
    EXPECT_EQ(count_matching({.permission = "w"}, denials), 0);
    EXPECT_EQ(count_matching({.source = "antivirus_t"}, denials), 0);
    EXPECT_EQ(count_matching({.target = "port_t"}, denials), 0);
    EXPECT_EQ(count_matching({.port = 1500}, denials), 0);
    EXPECT_EQ(count_matching({.port = 1506}, denials), 1) << "it is not the first of its kind";
    EXPECT_EQ(count_matching({}, {}), 0);
}

TEST(Describe, SpeaksAsACaseDoes) {
    const auto denials = parse_denials(bind_record(1, 1505) + bind_record(2, 1506) + apparmor_record);
    ASSERT_EQ(denials.size(), 2U);
    EXPECT_EQ(describe(denials[0]),
              "denial lsm=selinux comm=clamd class=tcp_socket permission=name_bind source=clamd_t "
              "target=unreserved_port_t port=1505-1506, 2 times");
    EXPECT_EQ(
        describe(denials[1]),
        "denial lsm=apparmor comm=clamd class=open permission=r source=/usr/sbin/clamd path=/srv/eicar");
}

}  // namespace
}  // namespace clamproof
