#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kCsharpRows[] = {
    // -- Entity Framework Core
    {kNPlusOneSql, kCsharpEfCore,
     "Load the relations with the query: `.Include()` and `.ThenInclude()`. When an Include multiplies the rows add "
     "`.AsSplitQuery()`, and "
     "`.AsNoTracking()` where nothing is written.",
     "https://learn.microsoft.com/en-us/ef/core/querying/related-data/eager"},
    {kRedundantSql, kCsharpEfCore,
     "Keep the result in an `IMemoryCache` (Microsoft.Extensions.Caching.Memory) or a second-level cache, and register the "
     "`DbContext` per "
     "request so that its change tracker answers the repeat.",
     "https://learn.microsoft.com/en-us/aspnet/core/performance/caching/memory"},
    {kRedundantHttp, kCsharpEfCore,
     "Wrap the `HttpClient` in a `DelegatingHandler` that remembers responses by URL and headers for the request, in an "
     "`IMemoryCache`. The "
     "key must hold who is asking, or one user is served the answer of another.",
     "https://learn.microsoft.com/en-us/aspnet/core/performance/caching/memory"},
    {kSlowSql, kCsharpEfCore,
     "Print the statement with `.ToQueryString()` and read its `EXPLAIN ANALYZE`; declare the missing index with `HasIndex` in "
     "the fluent "
     "API. Split a wide Include with `.AsSplitQuery()` and use `.AsNoTracking()` for reading.",
     "https://learn.microsoft.com/en-us/ef/core/performance/efficient-querying"},
    {kPoolSaturation, kCsharpEfCore,
     "Fix slow queries first. Then check `Max Pool Size` in the Npgsql connection string, and that each `DbContext` lives no "
     "longer than "
     "its request and gets its `Dispose`.",
     "https://www.npgsql.org/doc/connection-string-parameters.html"},

    // -- any C#
    {kNPlusOneHttp, kCsharpGeneric,
     "Await independent calls together with `Task.WhenAll`, or ask one batch endpoint. For identical calls let a "
     "`DelegatingHandler` of the "
     "`HttpClient` answer from cached responses.",
     "https://learn.microsoft.com/en-us/dotnet/api/system.threading.tasks.task.whenall"},
    {kRedundantHttp, kCsharpGeneric,
     "Let a `DelegatingHandler` on the `HttpClient` remember responses by URI for the request (`IMemoryCache`); share the "
     "response still on "
     "its way among concurrent callers with an `AsyncLazy<T>`.",
     "https://learn.microsoft.com/en-us/aspnet/core/performance/caching/memory"},
    {kSlowSql, kCsharpGeneric,
     "Read the plan with `EXPLAIN ANALYZE`, add an index where a large table is scanned from end to end, and keep the query "
     "parameterised "
     "so that its plan is reused.",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kCsharpGeneric,
     "Set a tight `HttpClient.Timeout`, with Polly for retries and a circuit breaker. If the call is slow by nature, serve it "
     "from an "
     "`IMemoryCache` or take it off the request path.",
     "https://learn.microsoft.com/en-us/dotnet/architecture/microservices/implement-resilient-applications/"},
    {kExcessiveFanout, kCsharpGeneric,
     "Prefer one batch endpoint. Otherwise cap the parallelism with `Parallel.ForEachAsync(MaxDegreeOfParallelism = N)` or a "
     "`SemaphoreSlim`, and give the `HttpClient` Polly's `RateLimiter` strategy, which has taken the place of Bulkhead.",
     "https://www.pollydocs.org/strategies/rate-limiter.html"},
    {kChattyService, kCsharpGeneric,
     "Offer one bulk endpoint or a streaming RPC that returns the aggregate. Until then await the calls together with "
     "`Task.WhenAll` and "
     "cache by key with an `AsyncLazy<T>`.",
     "https://learn.microsoft.com/en-us/aspnet/core/grpc/protobuf"},
    {kPoolSaturation, kCsharpGeneric,
     "Connections are held while slow work runs: fix the `slow_sql` findings first, then look at the size of the pool.",
     "https://learn.microsoft.com/en-us/sql/connect/ado-net/sql-server-connection-pooling"},
    {kSerializedCalls, kCsharpGeneric,
     "Await independent tasks together: `Task.WhenAll(t1, t2, ...)`. Return `ValueTask` instead of `Task` where a call mostly "
     "completes at "
     "once.",
     "https://learn.microsoft.com/en-us/dotnet/api/system.threading.tasks.task.whenall"},
};

}  // namespace

constinit const std::span<const FixRow> kCsharpFixes = kCsharpRows;

}  // namespace sentinel::detect
