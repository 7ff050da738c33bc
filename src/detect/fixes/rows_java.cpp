#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kJavaRows[] = {
    // -- Spring and plain JPA
    {kNPlusOneSql, kJavaJpa,
     "Load the association with its owner in one query: a `JOIN FETCH` in JPQL, or an `@EntityGraph` on the repository method.",
     "https://docs.jboss.org/hibernate/orm/current/userguide/html_single/"
     "Hibernate_User_Guide.html#fetching-strategies-dynamic-fetching"},
    {kRedundantSql, kJavaJpa,
     "Put Spring's `@Cacheable` on the read, or keep one `EntityManager` for the whole request (`@Transactional` around the "
     "service "
     "method) so that Hibernate answers the repeat from its first-level cache.",
     "https://docs.spring.io/spring-framework/reference/integration/cache.html"},
    {kSlowSql, kJavaJpa,
     "Run `EXPLAIN ANALYZE` on the statement and add a composite index over its `WHERE` and `ORDER BY` columns. Read only what "
     "is shown "
     "with a DTO projection (`@Query(\"select new ...\")`), and page by key with a `Slice` instead of an ever larger `OFFSET`.",
     "https://docs.spring.io/spring-data/jpa/reference/jpa/query-methods.html"},

    // -- Spring WebFlux
    {kNPlusOneHttp, kJavaWebflux,
     "Start the calls together with `Flux.merge()` or `Flux.zip()` where a chain of `.flatMap()` now waits for each, or ask "
     "one batch "
     "endpoint for all of them.",
     "https://docs.spring.io/spring-framework/reference/web/webflux-functional.html"},
    {kExcessiveFanout, kJavaWebflux,
     "Give the fan-out a bound with `Flux.flatMap(concurrency = N)`, which starts far more at once by default, and put a "
     "Resilience4j "
     "bulkhead in front of a slow upstream.",
     "https://projectreactor.io/docs/core/release/reference/#which-operator"},
    {kSerializedCalls, kJavaWebflux,
     "Combine independent publishers with `Mono.zip(m1, m2, ...)` or `Flux.merge(...)`; keep `Mono.flatMap` for a call that "
     "needs the "
     "previous result.",
     "https://projectreactor.io/docs/core/release/reference/#which.combining"},

    // -- Quarkus, reactive
    {kNPlusOneSql, kJavaQuarkusReactive,
     "Fetch the relation with its owner: name it in a `@NamedEntityGraph`, or join it in the reactive Panache query. What "
     "stays lazy is "
     "loaded by `Session.fetch()` on the Mutiny session, once and not once a row.",
     "https://quarkus.io/guides/hibernate-reactive"},
    {kNPlusOneHttp, kJavaQuarkusReactive,
     "Collect the calls with `Uni.combine().all().unis(...)` so that they run together, where `Uni.chain()` or "
     "`Multi.onItem().transformToUni()` runs one after another; or ask one batch endpoint.",
     "https://smallrye.io/smallrye-mutiny/latest/guides/combining-items/"},
    {kRedundantSql, kJavaQuarkusReactive,
     "Mark the method that returns the `Uni` with the Quarkus annotation `@CacheResult`, or keep its Mutiny pipeline for the "
     "request with "
     "`.memoize().indefinitely()`.",
     "https://quarkus.io/guides/cache"},
    {kExcessiveFanout, kJavaQuarkusReactive,
     "Where order matters use `Multi.onItem().transformToUniAndConcatenate()`, for independent items "
     "`.transformToUniAndMerge(concurrency = N)` with a bound, and a Resilience4j bulkhead on the client.",
     "https://smallrye.io/smallrye-mutiny/latest/guides/combining-items/"},
    {kSerializedCalls, kJavaQuarkusReactive,
     "Join independent calls with `Uni.combine().all().unis(u1, u2, ...).asTuple()`; leave `Uni.chain()` to calls that depend "
     "on the one "
     "before.",
     "https://smallrye.io/smallrye-mutiny/latest/guides/combining-items/"},

    // -- Quarkus
    {kNPlusOneSql, kJavaQuarkus,
     "Write a `JOIN FETCH` in the JPQL or Panache query, put an `@EntityGraph` on it, or enable a fetch profile on the "
     "session.",
     "https://quarkus.io/guides/hibernate-orm-panache#fetching-and-loading"},
    {kNPlusOneHttp, kJavaQuarkus,
     "Start the calls on the `ManagedExecutor` and wait once with `CompletableFuture.allOf(...)`, or let the REST client ask a "
     "batch "
     "endpoint. `@CacheResult` answers reads that repeat.",
     "https://quarkus.io/guides/rest-client-reactive"},
    {kRedundantSql, kJavaQuarkus,
     "Put `@CacheResult` on the method of the `@ApplicationScoped` service, or remember results in a `HashMap` inside a "
     "`@RequestScoped` "
     "bean.",
     "https://quarkus.io/guides/cache"},
    {kSlowSql, kJavaQuarkus,
     "Switch on `hibernate.generate_statistics` and the slow-query log, then add a composite index for the statement it names. "
     "Read fewer "
     "columns with Panache `.project(Class)` and page with `.range(...)` over a column that suits keyset paging.",
     "https://quarkus.io/guides/hibernate-orm-panache"},
    {kPoolSaturation, kJavaQuarkus,
     "Look at the `slow_sql` findings of this service first: long queries hold connections. Raise "
     "`quarkus.datasource.jdbc.max-size` only "
     "when they are not the cause.",
     "https://quarkus.io/guides/datasource#jdbc-configuration-reference"},

    // -- Helidon
    {kNPlusOneSql, kJavaHelidonSe,
     "Helidon SE has no JPA layer to do it for you: write one named `DbClient` statement with a `JOIN`, or bind the list of "
     "keys as `:ids`.",
     "https://helidon.io/docs/latest/se/dbclient"},
    {kNPlusOneHttp, kJavaHelidonSe,
     "Send the requests at the same time through the SE `WebClient` and combine them with `Single.zip(...)` or "
     "`Multi.merge(...)`; or ask "
     "one batch endpoint.",
     "https://helidon.io/docs/latest/se/webclient"},
    {kNPlusOneSql, kJavaHelidonMp,
     "The entities are managed by JPA: load the relation with an `@EntityGraph` or a `JOIN FETCH`.",
     "https://helidon.io/docs/latest/mp/persistence"},
    {kNPlusOneHttp, kJavaHelidonMp,
     "Let the MicroProfile REST client return futures, run them on an executor set up with `@ManagedExecutorConfig` and wait "
     "once with "
     "`CompletableFuture.allOf(...)`; or ask one batch endpoint.",
     "https://download.eclipse.org/microprofile/microprofile-rest-client-3.0/microprofile-rest-client-spec-3.0.html"},

    // -- any Java
    {kNPlusOneHttp, kJavaGeneric,
     "Ask one batch endpoint for all ids, or cache the responses for the request (Spring: `@Cacheable` with a request-scoped "
     "cache).",
     "https://docs.spring.io/spring-framework/reference/integration/cache.html"},
    {kRedundantSql, kJavaGeneric,
     "Cache the read in the service (Caffeine, or Spring Cache over it), or make sure that one request asks only once.",
     "https://docs.spring.io/spring-framework/reference/integration/cache.html"},
    {kRedundantHttp, kJavaGeneric,
     "Remember responses for the length of the request around the HTTP client: a `HashMap` in a request-scoped bean, a small "
     "Caffeine "
     "cache, or `@Cacheable` in Spring.",
     "https://github.com/ben-manes/caffeine"},
    {kSlowSql, kJavaGeneric,
     "Read the plan with `EXPLAIN ANALYZE`, index the `WHERE` and `ORDER BY` columns where they are selective, and apply the "
     "most "
     "selective predicate first.",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kJavaGeneric,
     "See whether the called service has `slow_sql` or `slow_http` findings of its own and fix those first. Then set a tight "
     "timeout with "
     "a Resilience4j circuit breaker, and cache where slightly old data will do.",
     "https://resilience4j.readme.io/docs/circuitbreaker"},
    {kExcessiveFanout, kJavaGeneric,
     "Replace the fan-out by one bulk endpoint; where that cannot be, hold it in with a Resilience4j bulkhead or a thread pool "
     "of its own.",
     "https://resilience4j.readme.io/docs/bulkhead"},
    {kChattyService, kJavaGeneric,
     "Offer one bulk endpoint, or move the orchestration to the caller's side; failing both, keep a read model that is filled "
     "asynchronously.",
     "https://martinfowler.com/articles/microservices.html#SmartEndpointsAndDumbPipes"},
    {kPoolSaturation, kJavaGeneric,
     "A full pool is mostly a symptom: fix the `slow_sql` findings of the service first, and only then think about the "
     "HikariCP "
     "`maximumPoolSize`.",
     "https://github.com/brettwooldridge/HikariCP/wiki/About-Pool-Sizing"},
    {kSerializedCalls, kJavaGeneric,
     "Start independent calls as futures and wait with `CompletableFuture.allOf(...)`, on the `ManagedExecutor` in Quarkus or "
     "through "
     "`@Async` methods in Spring. Stay serial only where a call needs the result of another.",
     "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/concurrent/CompletableFuture.html"},
};

}  // namespace

constinit const std::span<const FixRow> kJavaFixes = kJavaRows;

}  // namespace sentinel::detect
