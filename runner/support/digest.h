/// Digests, counted piece by piece.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct evp_md_ctx_st;

namespace clamproof {

enum class DigestKind { Sha256, Sha512 };
/// "sha256"
std::string to_string(DigestKind kind);
/// How many hexadecimal digits it has.
std::size_t hex_digits(DigestKind kind);

class Digest {
  public:
    explicit Digest(DigestKind kind);
    void add(std::string_view data);
    /// Of all that was added; ends it.
    std::vector<unsigned char> bytes();
    /// The same, in hexadecimal.
    std::string hex();

  private:
    std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

/// Of a file, in hexadecimal. @throws InfraError where it cannot be read.
std::string digest_file(const std::filesystem::path& path, DigestKind kind);

/// A digest that is counted in a thread of its own, so that whoever brings the data need not wait for it.
class DigestAside {
  public:
    explicit DigestAside(DigestKind kind);
    ~DigestAside();
    DigestAside(const DigestAside&) = delete;
    DigestAside& operator=(const DigestAside&) = delete;

    /// Copies; waits only for the piece before the last.
    void add(std::string_view data);
    /// Of all that was added, in hexadecimal; ends it.
    std::string hex();

  private:
    void hand_over();
    void end();
    void work();

    Digest digest_;
    std::string gathered_;  // of the caller alone
    std::string given_;     // empty: the thread has nothing to do
    bool over_ = false;
    std::mutex mutex_;  // over the two above
    std::condition_variable changed_;
    std::thread thread_;
};

}  // namespace clamproof
