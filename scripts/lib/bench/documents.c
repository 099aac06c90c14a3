// Bare inserts: the limit of what a store of documents in SQLite can reach. Arguments: file, documents in a transaction, seconds, and
// "indexed" for an index on each of the five fields that the store has mapped.
// Prints documents per second, and the 99th percentile of a transaction in milliseconds.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec + moment.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check(int code, sqlite3 *database)
{
    if (code == SQLITE_OK || code == SQLITE_DONE) return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5) return 2;
    int batch = atoi(argv[2]);
    double seconds = atof(argv[3]);
    sqlite3 *database;
    sqlite3_stmt *begin, *insert, *commit;
    check(sqlite3_open(argv[1], &database), database);
    check(sqlite3_exec(database,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
        "CREATE TABLE documents (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, source TEXT NOT NULL) STRICT", 0, 0, 0), database);
    if (argc > 4 && strcmp(argv[4], "indexed") == 0)
        check(sqlite3_exec(database,
            "CREATE INDEX by_site ON documents (json_extract(source, '$.site'));"
            "CREATE INDEX by_n ON documents (json_extract(source, '$.n'));"
            "CREATE INDEX by_at ON documents (json_extract(source, '$.at'));"
            "CREATE INDEX by_temp ON documents (json_extract(source, '$.temp'));"
            "CREATE INDEX by_on ON documents (json_extract(source, '$.on'))", 0, 0, 0), database);
    check(sqlite3_prepare_v2(database, "BEGIN IMMEDIATE", -1, &begin, 0), database);
    check(sqlite3_prepare_v2(database, "INSERT INTO documents (id, version, source) VALUES (?1, 1, ?2)", -1, &insert, 0), database);
    check(sqlite3_prepare_v2(database, "COMMIT", -1, &commit, 0), database);

    long count = 0, commits = 0, room = 1 << 20;
    double *taken = malloc(room * sizeof *taken), start = now();
    while (now() - start < seconds)
    {
        double started = now();
        check(sqlite3_step(begin), database);
        sqlite3_reset(begin);
        for (int i = 0; i < batch; i++)
        {
            char id[32], json[301];
            sprintf(id, "document-%08lx", count);
            int length = sprintf(json, "{\"site\":\"site-%ld\",\"n\":%ld,\"at\":%ld,\"temp\":%.1f,\"on\":true,\"text\":\"",
                (count * 31) % 1000, (count * 7919317L) % 10000019L, 1704067200000L + count * 1000, (count % 400) / 10.0);
            memset(json + length, 'x', 300 - length);
            memcpy(json + 298, "\"}", 2);
            check(sqlite3_bind_text(insert, 1, id, -1, SQLITE_TRANSIENT), database);
            check(sqlite3_bind_text(insert, 2, json, 300, SQLITE_TRANSIENT), database);
            check(sqlite3_step(insert), database);
            sqlite3_reset(insert);
            count++;
        }

        check(sqlite3_step(commit), database);
        sqlite3_reset(commit);
        if (commits < room) taken[commits++] = (now() - started) * 1000;
    }

    double elapsed = now() - start;
    qsort(taken, commits, sizeof *taken, compare);
    printf("%.1f %.3f\n", count / elapsed, taken[(long)(commits * 0.99)]);
    return 0;
}
