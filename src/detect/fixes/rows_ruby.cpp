#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kRubyRows[] = {
    // -- Active Record
    {kNPlusOneSql, kRubyActiveRecord,
     "Load the association with its owner: `includes(:assoc)`, or choose how with `preload` (second query) or `eager_load` "
     "(join).",
     "https://guides.rubyonrails.org/active_record_querying.html#eager-loading-associations"},
    {kRedundantSql, kRubyActiveRecord,
     "Inside a request the query cache answers repeats: find out what bypasses it here, or memoize with `@value ||= ...`.",
     "https://guides.rubyonrails.org/caching_with_rails.html#sql-caching"},
    {kSlowSql, kRubyActiveRecord,
     "Call `.explain` on the relation, add the missing index with `add_index` in a migration, and read fewer columns with "
     "`.select(...)`.",
     "https://guides.rubyonrails.org/active_record_querying.html#running-explain"},

    // -- any Ruby
    {kNPlusOneSql, kRubyGeneric,
     "Fetch all rows in one query with `where(id: ids)`; with an object mapper, load the association eagerly.",
     "https://guides.rubyonrails.org/active_record_querying.html"},
    {kNPlusOneHttp, kRubyGeneric,
     "Send one batch request, or run the calls on a bounded thread pool of concurrent-ruby; cache reads that repeat within the "
     "request.",
     "https://github.com/ruby-concurrency/concurrent-ruby"},
    {kRedundantSql, kRubyGeneric, "Memoize within the request, `@value ||= ...`, or rely on the query cache of Rails.",
     "https://guides.rubyonrails.org/caching_with_rails.html#sql-caching"},
    {kRedundantHttp, kRubyGeneric,
     "Memoize for the request, `@value ||= ...`, or keep the response with `Rails.cache.fetch`; let concurrent callers share "
     "the call that "
     "is on its way.",
     "https://guides.rubyonrails.org/caching_with_rails.html"},
    {kSlowSql, kRubyGeneric,
     "Look at `.explain`, then add a composite index over the `WHERE` and `ORDER BY` columns in a migration.",
     "https://guides.rubyonrails.org/active_record_querying.html#running-explain"},
    {kSlowHttp, kRubyGeneric,
     "Set the client's timeout explicitly (`Net::HTTP#read_timeout`, `options.timeout` in Faraday), add a circuit breaker, and "
     "answer from "
     "`Rails.cache` where slightly old data will do.",
     "https://lostisland.github.io/faraday/#/customization/request-options"},
    {kExcessiveFanout, kRubyGeneric,
     "Run the calls on a `Concurrent::FixedThreadPool` instead of a thread each, or ask one batch endpoint.",
     "https://github.com/ruby-concurrency/concurrent-ruby"},
    {kChattyService, kRubyGeneric, "Offer one bulk endpoint, or memoize answers for the request in a Hash.",
     "https://guides.rubyonrails.org/caching_with_rails.html"},
    {kPoolSaturation, kRubyGeneric, "Look at the `slow_sql` findings first. Afterwards raise `pool:` in `database.yml`.",
     "https://guides.rubyonrails.org/configuring.html#database-pooling"},
    {kSerializedCalls, kRubyGeneric,
     "Start independent calls as promises and wait with `Concurrent::Promises.zip(...)`; stay serial only where a call needs "
     "the result of "
     "another.",
     "https://github.com/ruby-concurrency/concurrent-ruby"},
};

}  // namespace

constinit const std::span<const FixRow> kRubyFixes = kRubyRows;

}  // namespace sentinel::detect
