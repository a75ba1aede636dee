/// What is known of a document that another version of the program wrote.
#pragma once

#include "results/json_parts.h"

namespace clamproof {

/// What the model has, of what is given: the model's null stands for any word or number, its empty object for
/// texts by name, the element of its list for all elements, its empty list for nothing. What is missing is as
/// the model has it.
JsonOut in_shape(const JsonOut& given, const JsonOut& model);

}  // namespace clamproof
