#include "results/json_shape.h"

namespace clamproof {
namespace {

bool of_one_kind(const JsonOut& one, const JsonOut& model) {
    return model.is_number_float() ? one.is_number() : one.type() == model.type();
}

}  // namespace

JsonOut in_shape(const JsonOut& given, const JsonOut& model) {
    if (model.is_null()) return given.is_primitive() ? given : model;
    JsonOut shaped = model.is_array() ? JsonOut::array() : model;
    if (!of_one_kind(given, model)) return shaped;
    if (model.is_array() && model.empty()) return shaped;
    if (model.is_array()) {
        for (const JsonOut& one : given)
            if (of_one_kind(one, model.front())) shaped.push_back(in_shape(one, model.front()));
    } else if (model.is_object() && model.empty()) {
        for (const auto& [name, text] : given.items())
            if (text.is_string()) shaped[name] = text;
    } else if (model.is_object()) {
        for (const auto& [key, part] : model.items())
            shaped[key] = in_shape(given.contains(key) ? given[key] : JsonOut(), part);
    } else {
        shaped = given;
    }
    return shaped;
}

}  // namespace clamproof
