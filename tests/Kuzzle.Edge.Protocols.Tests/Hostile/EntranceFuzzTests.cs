using System.Diagnostics;
using System.Globalization;
using Kuzzle.Edge.Api.Routes;
using Kuzzle.Edge.Testing.Hostile;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>
/// Requests at random through every way in, over documents on a disk. The seed is printed; KUZZLE_EDGE_FUZZ_SEED repeats a run, and KUZZLE_EDGE_FUZZ_SECONDS makes it longer.
/// </summary>
public sealed class EntranceFuzzTests(ITestOutputHelper log)
{
    private const int RequestsPerFurnishing = 20;
    private const int DefaultSeconds = 15;

    /// <summary>What some items of a strict request have done stays done, as in Kuzzle; so do the fixtures that were right, and what an import stored before its fault.</summary>
    private static readonly HashSet<string> Partial = new(["api.process.incomplete_multiple_request", "services.storage.import_failed"], StringComparer.Ordinal);

    [Fact]
    public async Task Whatever_comes_in_anywhere_gets_one_answer_and_a_refusal_stores_nothing()
    {
        var seed = NumberFrom("KUZZLE_EDGE_FUZZ_SEED") ?? Random.Shared.Next();
        var limit = TimeSpan.FromSeconds(NumberFrom("KUZZLE_EDGE_FUZZ_SECONDS") ?? DefaultSeconds);
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var grammar = new RequestGrammar(random, [.. ApiActions.All.Select(action => action.ToString()), "edge/system:info", "edge/system:logs", "edge/system:metrics", "nobody:knows"]);
        await using var gateway = new StoredGateway();
        await gateway.StartAsync();
        await using var http = new HttpEntrance(gateway, grammar, random);
        await using var webSocket = new WebSocketEntrance(gateway, grammar);
        await using var mqtt = new MqttEntrance(gateway, grammar);
        IFuzzedEntrance[] entrances = [http, webSocket, mqtt];
        var (requests, refusals) = (0, 0);

        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < limit; requests++)
        {
            if (requests % RequestsPerFurnishing == 0) await gateway.FurnishAsync();
            var entrance = entrances[requests % entrances.Length];
            var before = await StoreFingerprint.OfAsync(gateway.Store);
            try
            {
                if (await entrance.AskAsync() is not { } errorId) continue;

                refusals++;
                errorId.ShouldNotBe("core.fatal.unexpected_error");
                if (!Partial.Contains(errorId)) (await StoreFingerprint.OfAsync(gateway.Store)).ShouldBe(before);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}, request {requests}, {entrance.GetType().Name}: {entrance.Sent}\n{exception.Message}", exception);
            }
        }

        log.WriteLine($"{requests} requests, {refusals} refused");
        requests.ShouldBeGreaterThan(50);
        refusals.ShouldBeInRange(1, requests - 1);
    }

    private static int? NumberFrom(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
