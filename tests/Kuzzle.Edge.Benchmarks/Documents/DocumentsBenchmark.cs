using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Benchmarks.Documents;

/// <summary>
/// The document store next to plain SQLite doing the same work on the same file system in the same run: durable creates, then reads of a large collection.
/// <c>scripts/bench documents</c> runs it.
/// </summary>
internal static class DocumentsBenchmark
{
    private const int Chunk = 2000;
    private const int Rounds = 9;
    private static readonly CollectionName Collection = new("bench", "documents");

    public static async Task<int> RunAsync(string[] options)
    {
        var count = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 1_000_000;
        var seconds = options.Length > 1 ? int.Parse(options[1], CultureInfo.InvariantCulture) : 5;
        var bareInserts = options.Length > 2 ? options[2] : null;
        var directory = Directory.CreateDirectory(Path.Combine(options.Length > 3 ? options[3] : Path.GetTempPath(), $"kuzzle-edge-bench-{Guid.NewGuid():N}")).FullName;
        try
        {
            if (seconds > 0) await CreatesAsync(directory, seconds, bareInserts);
            if (count > 0) await ReadsAsync(directory, count);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<SqliteDocumentStore> OpenAsync(string directory, string mapping)
    {
        var store = SqliteDocumentStore.Open(new SqliteStoreOptions { Directory = directory }, TimeProvider.System, NullLoggerFactory.Instance);
        await store.DefineCollectionAsync(Collection, _ => new CollectionDefinition(JsonElement.Parse(mapping), JsonElement.Parse("{}")), CancellationToken.None);
        return store;
    }

    private static async Task CreatesAsync(string directory, int seconds, string? bareInserts)
    {
        Console.WriteLine("| durable creates | store/s | p99 ms | documents a commit | bare/s | bare commit p99 ms | ratio |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, mapping, bareIndexes) in new[]
        {
            ("no mapping", """{"dynamic":"false"}""", "plain"),
            ("five mapped fields", SampleDocument.Mapping, "plain"),
            ("five mapped fields, five bare indexes", SampleDocument.Mapping, "indexed"),
        })
        {
            foreach (var inFlight in new[] { 1, 16, 256 })
            {
                var own = Directory.CreateDirectory(Path.Combine(directory, $"creates-{name.Length}-{inFlight}")).FullName;
                var store = await OpenAsync(own, mapping);
                var (rate, p99, batch) = await CreateAsync(store, inFlight, seconds);
                await store.DisposeAsync();
                var (bareRate, bareP99) = bareInserts is null ? (double.NaN, double.NaN) : await BareAsync(bareInserts, Path.Combine(own, "bare.db"), batch, seconds, bareIndexes);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {inFlight} in flight, {name} | {rate:F0} | {p99:F2} | {batch:F1} | {bareRate:F0} | {bareP99:F2} | {rate / bareRate:F2} |"));
                Directory.Delete(own, recursive: true);
            }
        }
    }

    private static async Task<(double Rate, double P99, double Batch)> CreateAsync(SqliteDocumentStore store, int inFlight, int seconds)
    {
        var next = 0;
        var latencies = new List<double>[inFlight];
        var before = store.Statistics;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(client => Task.Run(async () =>
        {
            latencies[client] = [];
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var write = new CreateSample(Interlocked.Increment(ref next));
                var started = Stopwatch.GetTimestamp();
                await store.WriteAsync(Collection, [write], CancellationToken.None);
                latencies[client].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        })));
        var elapsed = clock.Elapsed.TotalSeconds;
        var after = store.Statistics;
        var sorted = latencies.SelectMany(static list => list).Order().ToList();
        return (sorted.Count / elapsed, sorted[(int)(sorted.Count * 0.99)], (double)(after.Operations - before.Operations) / Math.Max(1, after.Commits - before.Commits));
    }

    private static async Task<(double Rate, double P99)> BareAsync(string program, string file, double batch, int seconds, string indexes)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(file);
        start.ArgumentList.Add(Math.Max(1, Math.Round(batch)).ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(seconds.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(indexes);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var words = (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{program} failed.");
    }

    private static async Task ReadsAsync(string directory, int count)
    {
        var clock = Stopwatch.StartNew();
        await using var store = await OpenAsync(directory, SampleDocument.Mapping);
        for (var i = 0; i < count; i += Chunk)
        {
            await store.WriteAsync(Collection, [.. Enumerable.Range(i, Math.Min(Chunk, count - i)).Select(n => new CreateSample(n))], CancellationToken.None);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{count} documents stored with their indexes in {clock.Elapsed.TotalSeconds:F1} s"));
        Console.WriteLine($"memory of this process with the store alone: {Memory()}");
        clock.Restart();
        using var bare = new BareDocuments(directory);
        for (var i = 0; i < count; i += Chunk) bare.Insert(i, Math.Min(Chunk, count - i));
        bare.MakeIndexes();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the same by plain SQLite in {clock.Elapsed.TotalSeconds:F1} s\n"));
        Console.WriteLine("| operation | store ms | plain SQL ms | ratio (median of rounds) |");
        Console.WriteLine("|---|--:|--:|--:|");
        var random = new Random(1);
        await CompareAsync("get by id, one at a time", 2000, () => GetAsync(store, SampleDocument.Id(random.Next(count))),
            () => bare.Run("SELECT source, version FROM documents WHERE id = ?1", SampleDocument.Id(random.Next(count))));
        await CompareAsync("get by id, 16 in flight", 100, async () => await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => GetAsync(store, SampleDocument.Id(random.Next(count))))), () =>
        {
            for (var i = 0; i < 16; i++) bare.Run("SELECT source, version FROM documents WHERE id = ?1", SampleDocument.Id(random.Next(count)));
        });
        await CompareAsync("term on a keyword, size 10, total", 20, () => SearchAsync(store, "{\"query\":{\"term\":{\"site\":\"site-" + random.Next(1000).ToString(CultureInfo.InvariantCulture) + "\"}}}", 10), () =>
        {
            bare.Run("SELECT source, id FROM documents WHERE site = ?1 ORDER BY seq LIMIT 10", $"site-{random.Next(1000)}");
            bare.Run("SELECT count(*) FROM documents WHERE site = ?1", $"site-{random.Next(1000)}");
        });
        var (low, high) = (2_000_000, 3_000_000);
        await CompareAsync("range + sort + size 10, total", 10, () => SearchAsync(store, """{"query":{"range":{"n":{"gte":2000000,"lt":3000000}}},"sort":{"n":"desc"}}""", 10), () =>
        {
            bare.Run("SELECT source, id FROM documents WHERE n >= ?1 AND n < ?2 ORDER BY n DESC, seq LIMIT 10", low, high);
            bare.Run("SELECT count(*) FROM documents WHERE n >= ?1 AND n < ?2", low, high);
        });
        await CompareAsync("range, sorted by another field, size 10, total", 10, () => SearchAsync(store, """{"query":{"range":{"n":{"gte":2000000,"lt":3000000}}},"sort":{"at":"desc"}}""", 10), () =>
        {
            bare.Run("SELECT source, id FROM documents WHERE n >= ?1 AND n < ?2 ORDER BY at DESC, seq LIMIT 10", low, high);
            bare.Run("SELECT count(*) FROM documents WHERE n >= ?1 AND n < ?2", low, high);
        });
        await CompareAsync("newest 10, total", 10, () => SearchAsync(store, """{"sort":{"at":"desc"}}""", 10), () =>
        {
            bare.Run("SELECT source, id FROM documents ORDER BY at DESC, seq LIMIT 10");
            bare.Run("SELECT count(*) FROM documents");
        });
        await CompareAsync("count of everything", 10, () => CountAsync(store, "{}"), () => bare.Run("SELECT count(*) FROM documents"));
        await CompareAsync("count of a range", 10, () => CountAsync(store, """{"range":{"n":{"gte":2000000,"lt":3000000}}}"""), () => bare.Run("SELECT count(*) FROM documents WHERE n >= ?1 AND n < ?2", low, high));
        await CompareAsync("terms aggregation", 3, () => SearchAsync(store, """{"aggs":{"s":{"terms":{"field":"site"}}}}""", 0), () =>
        {
            bare.Run("SELECT site, count(*) AS c FROM documents GROUP BY site ORDER BY c DESC, site LIMIT 10");
            bare.Run("SELECT count(*) FROM documents");
        });
        await CompareAsync("date_histogram by day", 3, () => SearchAsync(store, """{"aggs":{"d":{"date_histogram":{"field":"at","calendar_interval":"day"}}}}""", 0), () =>
        {
            bare.Run("SELECT at / 86400000 AS day, count(*) FROM documents WHERE at IS NOT NULL GROUP BY day");
            bare.Run("SELECT count(*) FROM documents");
        });
        await CompareAsync("terms with max within, over a term", 3, () => SearchAsync(store, """{"query":{"term":{"site":"site-7"}},"aggs":{"o":{"terms":{"field":"on"},"aggs":{"m":{"max":{"field":"temp"}}}}}}""", 0), () =>
        {
            bare.Run("SELECT json_extract(source, '$.on') AS o, count(*), max(json_extract(source, '$.temp')) FROM documents WHERE site = 'site-7' GROUP BY o");
            bare.Run("SELECT count(*) FROM documents WHERE site = 'site-7'");
        });
        Console.WriteLine($"\nmemory of this process, both databases open: {Memory()}");
    }

    private static string Memory()
    {
        var lines = File.ReadLines("/proc/self/status").Where(static line => line.StartsWith("VmRSS", StringComparison.Ordinal) || line.StartsWith("VmHWM", StringComparison.Ordinal));
        return string.Join(", ", lines.Select(static line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    private static async Task GetAsync(SqliteDocumentStore store, string id) => _ = await store.FindAsync(Collection, id, CancellationToken.None)
        ?? throw new InvalidOperationException($"{id} is gone.");

    private static async Task SearchAsync(SqliteDocumentStore store, string body, int size)
    {
        var found = await store.SearchAsync(new SearchRequest { Targets = [Collection], Body = JsonElement.Parse(body), Size = size }, CancellationToken.None);
        if (found.Refusal is { } refusal) throw new InvalidOperationException(refusal.Message);
    }

    private static async Task CountAsync(SqliteDocumentStore store, string query) => await store.CountAsync(Collection, JsonElement.Parse(query), CancellationToken.None);

    private static async Task CompareAsync(string name, int times, Func<Task> product, Action plain)
    {
        // Until the runtime has compiled what runs often; no longer than two seconds.
        var warm = Stopwatch.StartNew();
        for (var i = 0; i < 20 * times && warm.Elapsed.TotalSeconds < 2; i++)
        {
            await product();
            if (i % 20 == 0) plain();
        }

        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++) await product();
            ours.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds / times);
            started = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++) plain();
            theirs.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds / times);
            ratios.Add(ours[^1] / theirs[^1]);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(ours):F3} | {Median(theirs):F3} | {Median(ratios):F2} |"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
