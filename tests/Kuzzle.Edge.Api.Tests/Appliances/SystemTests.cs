using System.Diagnostics.Metrics;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Appliances;

/// <summary>The controller edge/system.</summary>
public sealed class SystemTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Metrics_are_what_the_instruments_have_measured()
    {
        using var meter = new Meter("Kuzzle.Edge.SystemTests");
        var counter = meter.CreateCounter<long>("pieces", "{piece}");
        var duration = meter.CreateHistogram<double>("waits", "s");
        _ = meter.CreateObservableGauge("level", () => 7);
        counter.Add(2);
        counter.Add(3);
        counter.Add(1, new KeyValuePair<string, object?>("kind", "blue"));
        duration.Record(0.5);
        duration.Record(1.5);

        var series = (await _gateway.MustAsync("edge/system:metrics")).GetProperty("metrics").EnumerateArray()
            .Where(one => one.GetProperty("meter").GetString() == meter.Name)
            .ToLookup(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("tags").GetRawText()}");

        series["pieces {}"].Single().GetProperty("value").GetDouble().ShouldBe(5);
        series["""pieces {"kind":"blue"}"""].Single().GetProperty("value").GetDouble().ShouldBe(1);
        series["level {}"].Single().GetProperty("value").GetDouble().ShouldBe(7);
        series["waits {}"].Single().GetProperty("count").GetInt32().ShouldBe(2);
        series["waits {}"].Single().GetProperty("max").GetDouble().ShouldBe(1.5);
    }

    [Fact]
    public async Task What_an_instrument_that_is_asked_does_not_tell_of_any_more_is_gone()
    {
        using var meter = new Meter($"Kuzzle.Edge.{Guid.NewGuid():N}");
        var kinds = new List<string> { "blue", "red" };
        _ = meter.CreateObservableGauge("colours", () => kinds.Select(kind => new Measurement<int>(1, new KeyValuePair<string, object?>("kind", kind))));
        async Task<IEnumerable<string?>> KindsAsync() => (await _gateway.MustAsync("edge/system:metrics")).GetProperty("metrics").EnumerateArray()
            .Where(one => one.GetProperty("meter").GetString() == meter.Name)
            .Select(one => one.GetProperty("tags").GetProperty("kind").GetString())
            .ToList();

        (await KindsAsync()).ShouldBe(["blue", "red"]);
        kinds.Remove("red");

        (await KindsAsync()).ShouldBe(["blue"]);
    }

    [Fact]
    public async Task The_log_is_told_from_its_end()
    {
        for (var i = 0; i < 3; i++) _gateway.Appliance.Log.Add(new LogEntry(_gateway.Clock.GetUtcNow(), "info", "Test", $"line {i}"));

        var lines = (await _gateway.MustAsync("edge/system:logs", "\"size\":2")).GetProperty("logs");

        lines.EnumerateArray().Select(line => line.GetProperty("message").GetString()).ShouldBe(["line 1", "line 2"]);
        (await _gateway.ErrorOfAsync("edge/system:logs", "\"size\":1001")).ShouldBe("api.assert.invalid_argument");
    }

    [Fact]
    public async Task It_is_closed_to_those_who_are_nobody()
    {
        using var closed = new Gateway(new ApiOptions());

        (await closed.ErrorOfAsync("edge/system:config")).ShouldBe("security.rights.unauthorized");
        (await _gateway.MustAsync("edge/system:info")).GetProperty("cpus").GetInt32().ShouldBe(Environment.ProcessorCount);
    }

    [Fact]
    public async Task Without_a_process_around_it_nothing_of_one_is_offered()
    {
        using var alone = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, _gateway.Store, _gateway.Clock, NullLoggerFactory.Instance);
        var request = ApiRequest.Create("edge/system", "config", _gateway.Connection, Caller.System, _gateway.Clock);

        (await alone.ExecuteAsync(request, CancellationToken.None)).Error?.Id.ShouldBe("api.process.action_not_found");
    }
}
