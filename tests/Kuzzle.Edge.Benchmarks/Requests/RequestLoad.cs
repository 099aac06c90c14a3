using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Benchmarks.Requests;

/// <summary>Requests over MQTT to a running gateway, one under way for each client: rate, latency and the gateway's processor time for each, beside a real server's.</summary>
internal static class RequestLoad
{
    private const string Now = """{"controller":"server","action":"now"}""";
    private const string Create = """{"controller":"document","action":"create","index":"bench","collection":"readings","body":{"device":"TH-1","temperature":21.5,"at":1714608000000}}""";
    private const string Publish = """{"controller":"realtime","action":"publish","index":"bench","collection":"readings","body":{"device":"TH-1","temperature":21.5,"at":1714608000000}}""";

    private static readonly int[] Clients = [1, 10, 50];

    /// <summary>Kuzzle 2.56.0 on a machine of the same kind: requests a second with 1, 10 and 50 clients, and processor milliseconds for each (docs/performance.md).</summary>
    private static readonly (string Name, string Request, double[] Rates, double Cost)[] Subjects =
    [
        ("server:now", Now, [2912, 4918, 4916], 0.13),
        ("realtime:publish", Publish, [1735, 3153, 3425], 0.21),
        ("document:create", Create, [748, 1534, 1441], 0.39),
    ];

    /// <summary>Arguments: port, process id of the gateway, seconds for each measurement.</summary>
    public static int Run(string[] args)
    {
        var port = int.Parse(args[0], CultureInfo.InvariantCulture);
        var process = Process.GetProcessById(int.Parse(args[1], CultureInfo.InvariantCulture));
        var seconds = double.Parse(args[2], CultureInfo.InvariantCulture);

        using var listener = new RequestClient(port, "listener");
        listener.Subscribe("Kuzzle/response");
        listener.Ask("""{"controller":"collection","action":"create","index":"bench","collection":"readings"}""");

        Console.WriteLine("| request | clients | requests/s | × real server | p50 | p99 | CPU each | of the real server's |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, request, rates, cost) in Subjects)
        {
            using var notifications = name == "realtime:publish" ? Drain(port) : null;
            for (var i = 0; i < Clients.Length; i++)
            {
                Measure(port, request, Clients[i], seconds / 2);
                process.Refresh();
                var before = process.TotalProcessorTime;
                var (took, latencies) = Measure(port, request, Clients[i], seconds);
                process.Refresh();
                var each = (process.TotalProcessorTime - before).TotalMilliseconds / latencies.Count;
                latencies.Sort();
                var rate = latencies.Count / took.TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {Clients[i]} | {rate:N0} | {rate / rates[i]:N1} | {At(latencies, 0.5):N2} ms | {At(latencies, 0.99):N2} ms | {1000 * each:N1} µs | {each / cost:N3} |"));
            }
        }

        return 0;
    }

    private static double At(List<long> latencies, double share) => Stopwatch.GetElapsedTime(0, latencies[(int)(share * (latencies.Count - 1))]).TotalMilliseconds;

    /// <summary>One subscriber of all messages of the collection, read as they come.</summary>
    private static RequestClient Drain(int port)
    {
        var client = new RequestClient(port, "subscriber");
        client.Subscribe("Kuzzle/response");
        client.Subscribe(client.Ask("""{"controller":"realtime","action":"subscribe","index":"bench","collection":"readings","body":{}}""").GetProperty("channel").GetString()!);
        new Thread(() => ReadUntilClosed(client)) { IsBackground = true }.Start();
        return client;
    }

    private static void ReadUntilClosed(RequestClient client)
    {
        try
        {
            while (true) client.Receive();
        }
        catch (Exception end) when (end is System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The measurement is over: its client is disposed from outside.
        }
    }

    private static (TimeSpan Took, List<long> Latencies) Measure(int port, string request, int count, double seconds)
    {
        var clients = Enumerable.Range(0, count).Select(i => new RequestClient(port, $"bench{i}")).ToList();
        foreach (var client in clients) client.Subscribe("Kuzzle/response");

        var packet = RequestClient.Packet("Kuzzle/request", Encoding.UTF8.GetBytes(request));
        var began = Stopwatch.GetTimestamp();
        var end = began + (long)(seconds * Stopwatch.Frequency);
        var found = new List<long>[count];
        var threads = clients.Select((client, i) => new Thread(() => found[i] = Ask(client, packet, end))).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        foreach (var client in clients) client.Dispose();
        return (Stopwatch.GetElapsedTime(began), found.SelectMany(latencies => latencies).ToList());
    }

    private static List<long> Ask(RequestClient client, byte[] packet, long end)
    {
        var latencies = new List<long>(100_000);
        while (true)
        {
            var sent = Stopwatch.GetTimestamp();
            client.Send(packet);
            var answer = client.Receive();
            var now = Stopwatch.GetTimestamp();
            if (latencies.Count == 0 && JsonElement.Parse(answer).GetProperty("status").GetInt32() != 200) throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
            latencies.Add(now - sent);
            if (now >= end) return latencies;
        }
    }
}
