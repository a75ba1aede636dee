#include "image/build/cloud.h"

#include <gtest/gtest.h>

#include "image/build/mirrors.h"

namespace clamproof {
namespace {

TEST(GuestKernelLine, KeepsNoMemoryForAnotherKernel) {
    EXPECT_EQ(guest_kernel_line("BOOT_IMAGE=(hd0,gpt3)/vmlinuz root=UUID=1 ro "
                                "crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M no_timer_check\n",
                                "audit=1"),
              "root=UUID=1 ro no_timer_check audit=1");
}

TEST(Proxies, OnThisHostHaveAnotherAddressInAGuest) {
    EXPECT_EQ(seen_from_guest("http://127.0.0.1:3128/"), "http://10.0.2.2:3128/");
    EXPECT_EQ(seen_from_guest("http://me:secret@localhost:3128"), "http://me:secret@10.0.2.2:3128");
    EXPECT_EQ(seen_from_guest("[::1]:3128"), "10.0.2.2:3128");
}

TEST(Proxies, ElsewhereStayAsTheyAre) {
    for (const char* proxy : {"http://proxy.example:3128", "http://localhost.example:3128",
                              "http://127.0.0.1@proxy.example", "10.0.0.1:8080"})
        EXPECT_EQ(seen_from_guest(proxy), proxy);
}

}  // namespace
}  // namespace clamproof
