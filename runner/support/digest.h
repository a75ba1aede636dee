/// Digests, counted piece by piece.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
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

}  // namespace clamproof
