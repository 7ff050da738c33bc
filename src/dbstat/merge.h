// Rows of one statement made one: what two users, databases or parameter styles ran is then ranked by its whole weight.
#pragma once

#include "dbstat/statement.h"

namespace sentinel::dbstat {

// Merges entries with the same template and schema into the first of them: counts and times add up (at most to the largest
// number), the mean is theirs together. Of the facts, counts add up, texts stay where all rows agree, other figures go.
void merge_templates(Statements& statements);

}  // namespace sentinel::dbstat
