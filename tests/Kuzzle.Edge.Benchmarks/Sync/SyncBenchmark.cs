using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Benchmarks.Sync;

/// <summary>A gateway and its upstream, both running: how fast a backlog is drained, what memory it takes, and how far behind a steady stream is. <c>scripts/bench sync</c> runs it.</summary>
internal static class SyncBenchmark
{
    private const int Chunk = 500;
    private const int LagRate = 500;

    /// <summary>Arguments: port and process id of the edge, those of the upstream, how many documents wait, seconds of the steady stream.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var numbers = args.Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).ToArray();
        using var edge = new SyncGateway(numbers[0], numbers[1]);
        using var upstream = new SyncGateway(numbers[2], numbers[3]);
        foreach (var collection in (string[])["backlog", "stream"])
        {
            foreach (var gateway in (SyncGateway[])[edge, upstream]) await gateway.AskAsync($$"""{"controller":"collection","action":"create","index":"bench","collection":"{{collection}}"}""");
        }

        var isWhole = numbers[4] == 0 || await DrainAsync(edge, upstream, numbers[4]);
        return isWhole && (numbers[5] == 0 || await LagAsync(edge, upstream, numbers[5])) ? 0 : 1;
    }

    private static async Task<bool> DrainAsync(SyncGateway edge, SyncGateway upstream, int count)
    {
        await edge.AskAsync("""{"controller":"edge/sync","action":"pause"}""");
        var (resident, own) = (edge.ResidentMiB, edge.OwnMiB);
        for (var start = 0; start < count; start += Chunk) await edge.AskAsync(Documents(start, Math.Min(Chunk, count - start)));
        await Task.Delay(TimeSpan.FromSeconds(2)); // What the requests took is collected, if anybody cares to.
        var (residentWaiting, ownWaiting) = (edge.ResidentMiB, edge.OwnMiB);

        var (cpuEdge, cpuUpstream) = (edge.ProcessorTime, upstream.ProcessorTime);
        var began = Stopwatch.GetTimestamp();
        await edge.AskAsync("""{"controller":"edge/sync","action":"resume"}""");
        var (residentDraining, ownDraining) = (0.0, 0.0);
        while (await BacklogAsync(edge) > 0)
        {
            (residentDraining, ownDraining) = (Math.Max(residentDraining, edge.ResidentMiB), Math.Max(ownDraining, edge.OwnMiB));
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        var took = Stopwatch.GetElapsedTime(began);
        (cpuEdge, cpuUpstream) = (edge.ProcessorTime - cpuEdge, upstream.ProcessorTime - cpuUpstream);
        var arrived = (await upstream.AskAsync("""{"controller":"document","action":"count","index":"bench","collection":"backlog"}""")).GetProperty("count").GetInt32();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| backlog of {count:N0} | |"));
        Console.WriteLine("|---|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| documents/s | {count / took.TotalSeconds:N0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| took | {took.TotalSeconds:N1} s |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| processor for a document, edge / upstream | {cpuEdge.TotalMicroseconds / count:N1} µs / {cpuUpstream.TotalMicroseconds / count:N1} µs |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| resident memory of the edge before / while it waits / at most while it drains | {resident:N0} / {residentWaiting:N0} / {residentDraining:N0} MiB |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| of it its own | {own:N0} / {ownWaiting:N0} / {ownDraining:N0} MiB |"));
        Console.WriteLine();
        if (arrived == count) return true;

        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Of {count} documents {arrived} have arrived: this run does not count."));
        return false;
    }

    private static async Task<long> BacklogAsync(SyncGateway edge)
    {
        var status = await edge.AskAsync("""{"controller":"edge/sync","action":"status"}""");
        var backlog = status.GetProperty("backlog");
        return backlog.GetProperty("parked").GetInt64() == 0 ? backlog.GetProperty("documents").GetInt64() : throw new InvalidOperationException($"Something was refused: {status}");
    }

    private static ReadOnlyMemory<byte> Documents(int start, int count)
    {
        var request = new StringBuilder("""{"controller":"bulk","action":"mWrite","index":"bench","collection":"backlog","body":{"documents":[""");
        for (var n = start; n < start + count; n++)
        {
            if (n > start) request.Append(',');
            request.Append(CultureInfo.InvariantCulture, $$$"""
                {"_id":"d{{{n}}}","body":{"device":"TH-{{{n % 100}}}","temperature":{{{n % 400 / 10.0}}},"humidity":{{{n % 100}}},"at":{{{1_714_608_000_000L + n}}},
                "position":{"lat":52.5,"lon":13.4},"text":"a reading like any other","_kuzzle_info":{"author":"-1","createdAt":1714608000000,"updatedAt":null,"updater":null} } }
                """);
        }

        return Encoding.UTF8.GetBytes(request.Append("]}}").ToString());
    }

    private static async Task<bool> LagAsync(SyncGateway edge, SyncGateway upstream, int seconds)
    {
        var count = seconds * LagRate;
        var sent = new long[count];
        var lags = new double[count];
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{upstream.Port}/"), CancellationToken.None);
        await socket.SendAsync("""{"controller":"realtime","action":"subscribe","index":"bench","collection":"stream","body":{}}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var hearing = HearAsync(socket, sent, lags);

        var writing = new List<Task>(count);
        var began = Stopwatch.GetTimestamp();
        for (var n = 0; n < count; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / LagRate) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due);
            sent[n] = Stopwatch.GetTimestamp();
            writing.Add(edge.AskAsync($$"""{"controller":"document","action":"create","index":"bench","collection":"stream","_id":"s{{n}}","body":{"n":{{n}},"temperature":21.5} }"""));
        }

        await Task.WhenAll(writing);
        var isWhole = await Task.WhenAny(hearing, Task.Delay(TimeSpan.FromSeconds(30))) == hearing;
        if (!isWhole)
        {
            await Console.Error.WriteLineAsync("Not every document of the stream was heard of upstream: this run does not count.");
            return false;
        }

        await hearing;
        var sorted = lags.Skip(LagRate).Order().ToArray(); // The first second warms up.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| stream of {LagRate} documents/s for {seconds} s | |"));
        Console.WriteLine("|---|--:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| from the request here to the notification upstream, p50 / p99 / most | {At(sorted, 0.5):N1} / {At(sorted, 0.99):N1} / {sorted[^1]:N1} ms |"));
        return true;
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static async Task HearAsync(ClientWebSocket socket, long[] sent, double[] lags)
    {
        var buffer = new byte[64 * 1024];
        for (var heard = 0; heard < sent.Length;)
        {
            var length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += received.Count;
            }
            while (!received.EndOfMessage);

            var now = Stopwatch.GetTimestamp();
            var message = JsonElement.Parse(buffer.AsSpan(0, length));
            if (!message.TryGetProperty("scope", out _)) continue; // The answer to the subscription.

            var n = message.GetProperty("result").GetProperty("_source").GetProperty("n").GetInt32();
            if (lags[n] != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Document {n} had its effect twice: this run does not count."));
            lags[n] = Stopwatch.GetElapsedTime(sent[n], now).TotalMilliseconds;
            heard++;
        }
    }
}
