using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security;
using Kuzzle.Edge.Api.Tests.Documentation;
using Kuzzle.Edge.Testing.Hostile;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Hostile;

/// <summary>Requests at random through the whole funnel. The seed is printed; KUZZLE_EDGE_FUZZ_SEED repeats a run.</summary>
public sealed class RequestFuzzTests(ITestOutputHelper log)
{
    private const int MaxRequests = 20_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Whatever_comes_gets_one_answer_and_a_refusal_stores_nothing()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("KUZZLE_EDGE_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        log.WriteLine($"seed {seed}");
        var grammar = new RequestGrammar(new Random(seed), [.. (await ActionTable.ActionsAsync()).Order(StringComparer.Ordinal)]);
        var gateway = await FurnishedAsync();
        var (requests, refusals, unusable) = (0, 0, 0);
        for (var started = Stopwatch.GetTimestamp(); requests < MaxRequests && Stopwatch.GetElapsedTime(started) < Limit; requests++)
        {
            if (requests % 20 == 19)
            {
                gateway.Dispose();
                gateway = await FurnishedAsync();
            }

            var payload = grammar.Next();
            var before = await StoreFingerprint.OfAsync(gateway.Store);
            var answer = await gateway.AskAsync(payload);
            if (answer is null)
            {
                unusable++;
                ApiRequest.TryParse(payload, gateway.Connection, gateway.Clock, out _, out var fault).ShouldBeFalse();
                fault!.Id.ShouldBe("network.mqtt.unexpected_error");
                (await StoreFingerprint.OfAsync(gateway.Store)).ShouldBe(before);
                continue;
            }

            var shown = $"seed {seed}: {Encoding.UTF8.GetString(payload)}";
            var error = answer.Value.GetProperty("error");
            if (error.ValueKind == JsonValueKind.Null)
            {
                answer.Value.GetProperty("status").GetInt32().ShouldBe(200, shown);
                continue;
            }

            refusals++;
            error.GetProperty("id").GetString().ShouldNotBe("core.fatal.unexpected_error", $"{shown}\n{error}");
            error.GetProperty("status").GetInt32().ShouldBe(answer.Value.GetProperty("status").GetInt32(), shown);

            // What some items of a strict request have done stays done, as in Kuzzle; so do the fixtures that were right.
            if (error.GetProperty("id").GetString() is "api.process.incomplete_multiple_request" or "services.storage.import_failed") continue;
            (await StoreFingerprint.OfAsync(gateway.Store)).ShouldBe(before, shown);
        }

        gateway.Dispose();
        log.WriteLine($"{requests} requests: {refusals} refused, {unusable} unusable");
        requests.ShouldBeGreaterThan(100);
        refusals.ShouldBeInRange(1, requests - 1);
    }

    /// <summary>Some requests delete what is there, or take the right to ask away; all others would only hear that.</summary>
    private static async Task<Gateway> FurnishedAsync()
    {
        var gateway = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, Security = new SecurityOptions { PasswordIterations = 10 } });
        await gateway.MustAsync("collection:create");
        await gateway.MustAsync("document:create", "\"_id\":\"x\",\"body\":{\"a\":1}");
        return gateway;
    }
}
