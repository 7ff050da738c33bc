# Writes src/score/data/*.inc from the CSV figure tables beside them:  cmake -P cmake/score_tables.cmake
#
# The .inc files are committed, so that the build needs no generator; a test (tests/score/grid_data_test.cpp) compares them
# with the CSV files. Only the leading columns are read, none of which is quoted.
cmake_minimum_required(VERSION 3.25)
set(data ${CMAKE_CURRENT_LIST_DIR}/../src/score/data)
set(note "// Written by cmake/score_tables.cmake. Do not edit; change the CSV file and run it again.\n")
set(cell "([^,]*)")

# Lines after the header, sorted by their bytes. Semicolons separate CMake lists; those of the sources column are dropped.
function(read_rows name out)
  file(READ ${data}/${name}.csv text)
  string(REPLACE ";" "" text "${text}")
  string(REGEX REPLACE "\n$" "" text "${text}")
  string(REPLACE "\n" ";" rows "${text}")
  list(POP_FRONT rows)
  list(SORT rows COMPARE STRING CASE SENSITIVE)
  set(${out} "${rows}" PARENT_SCOPE)
endfunction()

# The 24 hourly cells of a row after its first `skip` cells.
function(hours_of row skip out)
  string(REPLACE "," ";" cells "${row}")
  list(SUBLIST cells ${skip} 24 hours)
  list(JOIN hours ", " joined)
  set(${out} "${joined}" PARENT_SCOPE)
endfunction()

# {key, annual gCO2/kWh, provider, profile key}
read_rows(grid_intensity_by_region rows)
set(text "${note}")
foreach(row IN LISTS rows)
  string(REGEX MATCH "^${cell},${cell},${cell},${cell},${cell},${cell},${cell}," ignored "${row}")
  set(providers_aws kAws)
  set(providers_gcp kGcp)
  set(providers_azure kAzure)
  set(providers_generic kGeneric)
  string(APPEND text "{\"${CMAKE_MATCH_1}\", ${CMAKE_MATCH_2}, Provider::${providers_${CMAKE_MATCH_3}}, \"${CMAKE_MATCH_7}\"},\n")
endforeach()
file(WRITE ${data}/grid_regions.inc "${text}")

# {key, {hours}}
read_rows(hourly_profiles_flat_year rows)
set(text "${note}")
foreach(row IN LISTS rows)
  string(REGEX MATCH "^${cell}," ignored "${row}")
  set(key "${CMAKE_MATCH_1}")
  hours_of("${row}" 1 hours)
  string(APPEND text "{\"${key}\", {{${hours}}}},\n")
endforeach()
file(WRITE ${data}/flat_profiles.inc "${text}")

# {key, {twelve months of hours}}
read_rows(hourly_profiles_monthly rows)
set(keys "")
foreach(row IN LISTS rows)
  string(REGEX MATCH "^${cell},${cell}," ignored "${row}")
  set(key "${CMAKE_MATCH_1}")
  set(month "${CMAKE_MATCH_2}")
  list(APPEND keys "${key}")
  hours_of("${row}" 2 hours)
  set("months_${key}_${month}" "${hours}")
endforeach()
list(REMOVE_DUPLICATES keys)
set(text "${note}")
foreach(key IN LISTS keys)
  string(APPEND text "{\"${key}\",\n {{\n")
  foreach(month RANGE 1 12)
    string(APPEND text "  {{${months_${key}_${month}}}},\n")
  endforeach()
  string(APPEND text " }}},\n")
endforeach()
file(WRITE ${data}/monthly_profiles.inc "${text}")

# {type, idle W, W at full load}
read_rows(instance_power_specpower rows)
set(text "${note}")
foreach(row IN LISTS rows)
  string(REGEX MATCH "^${cell},${cell},${cell}," ignored "${row}")
  string(APPEND text "{\"${CMAKE_MATCH_1}\", ${CMAKE_MATCH_2}, ${CMAKE_MATCH_3}},\n")
endforeach()
file(WRITE ${data}/instance_power.inc "${text}")
