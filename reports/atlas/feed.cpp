#include "reports/atlas/feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "support/text.h"

namespace clamproof {
namespace {

// What an entry tells of packages: an archive may have changed all of them.
constexpr std::size_t listed_packages = 40, listed_variants = 20;

pugi::xml_node add_element(pugi::xml_node parent, const char* name, std::string_view text = "") {
    pugi::xml_node node = parent.append_child(name);
    if (!text.empty()) node.append_child(pugi::node_pcdata).set_value(document_text(text).c_str());
    return node;
}

void add_link(pugi::xml_node parent, const char* relation, const char* type, const std::string& address) {
    pugi::xml_node link = parent.append_child("link");
    link.append_attribute("rel").set_value(relation);
    link.append_attribute("type").set_value(type);
    link.append_attribute("href").set_value(address.c_str());
}

std::string words_of(const AtlasSide& side) {
    return fmt::format("{}{}{}", to_string(side.verdict), side.flaky ? " (not each time)" : "",
                       side.silent ? " with silent misses" : "");
}

std::string title_of(const AtlasChange& change) {
    return one_line(fmt::format("{}{} on {}: {} → {}", change.silent_appears() ? "SILENT MISS: " : "",
                                change.case_id, change.after.guest.text(), words_of(change.before),
                                words_of(change.after)));
}

void add_list(pugi::xml_node parent, const std::vector<std::string>& lines, std::size_t limit) {
    pugi::xml_node list = parent.append_child("ul");
    for (std::size_t i = 0; i < std::min(lines.size(), limit); ++i)
        add_element(list, "li", one_line(lines[i]));
    if (lines.size() > limit) add_element(list, "li", fmt::format("and {} more", lines.size() - limit));
}

void add_story(pugi::xml_node content, const AtlasChange& change) {
    add_element(content, "p", one_line(fmt::format("{}: {}.", change.image, words_of(change.after))));
    add_element(content, "p",
                one_line(fmt::format("{}, on {}: {}.", change.before.run.first, change.before.guest.text(),
                                     words_of(change.before))));
    if (change.silent_appears())
        add_element(content, "p", "Infected files are reported clean, and were not before.");
    if (change.variants.front() != "" || change.variants.size() > 1) {
        add_element(content, "p", "Variants:");
        add_list(content, change.variants, listed_variants);
    }
    if (!change.packages) {
        add_element(content, "p", "Which packages the guests had was not told.");
    } else if (change.packages->empty()) {
        add_element(content, "p", "No package has another version.");
    } else {
        add_element(content, "p", "Packages that differ:");
        add_list(content, *change.packages, listed_packages);
    }
}

void add_entry(pugi::xml_node feed, const AtlasChange& change) {
    pugi::xml_node entry = feed.append_child("entry");
    add_element(entry, "title", title_of(change));
    add_element(entry, "id", "urn:uuid:" + change.id);
    add_element(entry, "updated", change.after.run.first);
    add_link(entry, "alternate", "text/html", "index.html#change=" + change.id);
    pugi::xml_node content = entry.append_child("content");
    content.append_attribute("type").set_value("xhtml");
    pugi::xml_node text = content.append_child("div");
    text.append_attribute("xmlns").set_value("http://www.w3.org/1999/xhtml");
    add_story(text, change);
}

}  // namespace

std::string atlas_feed(const std::vector<AtlasChange>& changes, const std::vector<RunKey>& runs) {
    // The oldest run is what an atlas keeps while others are added.
    const auto oldest =
        std::find_if(runs.begin(), runs.end(), [](const RunKey& run) { return is_dated(run.first); });
    const RunKey first = oldest == runs.end() ? RunKey("1970-01-01T00:00:00Z", "") : *oldest;
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version").set_value("1.0");
    declaration.append_attribute("encoding").set_value("utf-8");
    pugi::xml_node feed = document.append_child("feed");
    feed.append_attribute("xmlns").set_value("http://www.w3.org/2005/Atom");
    add_element(feed, "title", "clamproof atlas: what changed");
    add_element(feed, "id", "urn:uuid:" + uuid_of("clamproof atlas\n" + first.first + "\n" + first.second));
    add_element(feed, "updated", changes.empty() ? first.first : changes.front().after.run.first);
    add_element(add_element(feed, "author"), "name", "clamproof");
    add_link(feed, "self", "application/atom+xml", "feed.xml");
    add_link(feed, "alternate", "text/html", "index.html#history=all");
    for (std::size_t i = 0; i < std::min(changes.size(), feed_limit); ++i) add_entry(feed, changes[i]);
    std::ostringstream text;
    document.save(text, " ");
    return text.str();
}

}  // namespace clamproof
