/// An HTTP server for tests, within the test: what it answers is up to the test.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/fd.h"

namespace clamproof {

class FakeServer {
  public:
    /// @param answer from a request's head to all bytes that are sent before the connection is closed
    explicit FakeServer(std::function<std::string(const std::string&)> answer) : answer_(std::move(answer)) {
        listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_.get(), 8);
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~FakeServer() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;

    std::string url(const std::string& path) const {
        return fmt::format("http://127.0.0.1:{}{}", port_, path);
    }

    /// The heads of all requests so far.
    std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    void serve() {
        for (;;) {
            const Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) return;
            std::string head;
            char byte = 0;
            while (!head.ends_with("\r\n\r\n") && ::read(client.get(), &byte, 1) == 1) head += byte;
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(head);
            }
            std::string answer = answer_(head);
            answer.insert(answer.find("\r\n"), "\r\nConnection: close");
            ::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }

    std::function<std::string(const std::string&)> answer_;
    Fd listener_;
    int port_ = 0;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace clamproof
