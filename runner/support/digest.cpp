#include "support/digest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include "support/files.h"

namespace clamproof {
namespace {

constexpr std::size_t queued_piece = 1 << 20;

}  // namespace

std::string to_string(DigestKind kind) {
    return kind == DigestKind::Sha256 ? "sha256" : "sha512";
}

std::size_t hex_digits(DigestKind kind) {
    return kind == DigestKind::Sha256 ? 64 : 128;
}

Digest::Digest(DigestKind kind) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), kind == DigestKind::Sha256 ? EVP_sha256() : EVP_sha512(), nullptr);
}

void Digest::add(std::string_view data) {
    EVP_DigestUpdate(context_.get(), data.data(), data.size());
}

std::vector<unsigned char> Digest::bytes() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &size);
    return {digest, digest + size};
}

std::string Digest::hex() {
    return fmt::format("{:02x}", fmt::join(bytes(), ""));
}

std::string digest_file(const std::filesystem::path& path, DigestKind kind) {
    Digest hash(kind);
    read_pieces(path, [&](std::string_view piece) { hash.add(piece); });
    return hash.hex();
}

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
