#include "support/digest_aside.h"

namespace clamproof {
namespace {

constexpr std::size_t queued_piece = 1 << 20;

}  // namespace

DigestAside::DigestAside(DigestKind kind) : digest_(kind), thread_([this] { work(); }) {}

DigestAside::~DigestAside() {
    end();
}

void DigestAside::add(std::string_view data) {
    gathered_ += data;
    if (gathered_.size() >= queued_piece) hand_over();
}

std::string DigestAside::hex() {
    hand_over();
    end();
    return digest_.hex();
}

void DigestAside::hand_over() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return given_.empty(); });
    std::swap(given_, gathered_);
    changed_.notify_all();
}

void DigestAside::end() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void DigestAside::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return over_ || !given_.empty(); });
        if (given_.empty()) return;
        lock.unlock();  // nobody else touches what is given until it is empty again
        digest_.add(given_);
        lock.lock();
        given_.clear();
        changed_.notify_all();
    }
}

}  // namespace clamproof
