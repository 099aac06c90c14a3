using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Koncorde;

namespace Kuzzle.Edge.Benchmarks.Koncorde;

/// <summary>Our engine under one workload. What it measures, and the line it prints, are those of scripts/lib/bench/koncorde.cjs.</summary>
internal static class KoncordeSubject
{
    private const int CheckedDocuments = 50;

    private static readonly byte[] Key = new byte[32];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(1);

    public static string Measure(string file)
    {
        List<JsonElement> filters = [], documents = [];
        foreach (var line in File.ReadLines(file))
        {
            var parsed = JsonElement.Parse(line);
            if (parsed.TryGetProperty("filter", out var filter)) filters.Add(filter);
            else documents.Add(parsed.GetProperty("doc"));
        }

        // For nothing, so that compiling is not measured.
        var warm = CpuTime() + Measured;
        while (CpuTime() < warm) Register(filters[..Math.Min(filters.Count, 1000)], new FilterIndex<string>());

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new FilterIndex<string>();
        var started = CpuTime();
        Register(filters, index);
        var registering = CpuTime() - started;
        var heap = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / filters.Count;

        List<string> matches = [];
        foreach (var document in documents.Take(CheckedDocuments)) index.CollectMatches(document, id: null, matches);
        var found = matches.Count;
        Test(index, documents, WarmUp);
        var rate = Test(index, documents, Measured);
        GC.KeepAlive(index);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"subject":"edge","register":{{filters.Count / registering.TotalSeconds}},"test":{{rate}},"heap":{{heap}},"matches":{{found}}}""");
    }

    private static void Register(List<JsonElement> filters, FilterIndex<string> index)
    {
        foreach (var json in filters)
        {
            if (!KoncordeFilter.TryParse(json, 100, out var filter, out var refusal)) throw new InvalidOperationException(refusal);

            // The name of a room is a part of registering, there as here.
            index.Add(filter, Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(filter.CanonicalText))));
        }
    }

    /// <summary>Documents for each second of CPU time.</summary>
    private static double Test(FilterIndex<string> index, List<JsonElement> documents, TimeSpan atLeast)
    {
        List<string> matches = [];
        var tested = 0;
        var started = CpuTime();
        TimeSpan used;
        do
        {
            for (var i = 0; i < 100; i++)
            {
                matches.Clear();
                index.CollectMatches(documents[tested++ % documents.Count], id: null, matches);
            }

            used = CpuTime() - started;
        }
        while (used < atLeast);

        return tested / used.TotalSeconds;
    }

    private static TimeSpan CpuTime() => Environment.CpuUsage.TotalTime;
}
