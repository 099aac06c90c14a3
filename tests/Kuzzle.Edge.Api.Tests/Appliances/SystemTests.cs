using System.Diagnostics.Metrics;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
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
    public async Task The_health_is_what_the_process_has_found()
    {
        (await _gateway.MustAsync("edge/system:health")).ToString().ShouldBe("""{"status":"green","conditions":[]}""");

        _gateway.Appliance.Conditions = [new ApplianceCondition("clock", ConditionSeverity.Notice, "late", DateTimeOffset.FromUnixTimeMilliseconds(5))];
        (await _gateway.MustAsync("edge/system:health")).ToString().ShouldBe("""{"status":"yellow","conditions":[{"name":"clock","severity":"notice","message":"late","since":5}]}""");

        _gateway.Appliance.Conditions = [new ApplianceCondition("storage", ConditionSeverity.Alarm, "full", DateTimeOffset.UnixEpoch), .. _gateway.Appliance.Conditions];
        (await _gateway.MustAsync("edge/system:health")).GetProperty("status").GetString().ShouldBe("red");
    }

    [Fact]
    public async Task A_health_check_is_red_while_nothing_can_be_stored()
    {
        _gateway.Appliance.Conditions = [new ApplianceCondition(ApplianceCondition.Storage, ConditionSeverity.Alarm, "The disk is full.", DateTimeOffset.UnixEpoch)];

        var answer = await _gateway.DoAsync("server:healthCheck");

        answer.GetProperty("result").GetProperty("services").GetProperty("storageEngine").GetString().ShouldBe("red");
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("The disk is full.");
    }

    [Theory]
    [InlineData(DocumentStoreFault.Full, 507)]
    [InlineData(DocumentStoreFault.Unwritable, 503)]
    [InlineData(DocumentStoreFault.Disk, 500)]
    [InlineData(DocumentStoreFault.Corrupt, 500)]
    public void What_the_disk_refuses_is_told_with_its_cause(DocumentStoreFault fault, int status)
    {
        var error = StorageErrors.Of(new DocumentStoreException("The disk is full.") { Fault = fault });

        (error.Id, error.Status).ShouldBe(("services.storage.unexpected_error", status));
        error.Message.ShouldEndWith("The disk is full.");
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

    [Fact]
    public async Task A_backup_is_a_file_and_so_only_for_HTTP()
    {
        (await _gateway.ErrorOfAsync("edge/system:backup")).ShouldBe("api.assert.unsupported_protocol");

        var request = ApiRequest.Create("edge/system", "backup", new ClientConnection("http", remoteAddress: null), Caller.System, _gateway.Clock);
        var answer = await _gateway.Api.ExecuteAsync(request, CancellationToken.None);

        answer.Error.ShouldBeNull();
        answer.Content.ShouldNotBeNull().ContentType.ShouldBe("application/gzip");
    }

    [Fact]
    public async Task An_update_is_ordered_with_all_that_is_to_be_checked()
    {
        var sum = new string('a', 64);
        await _gateway.MustAsync("edge/system:update", $$"""  "body":{"url":"https://updates.example/x","sha256":"{{sum}}","size":7,"restart":false} """);

        _gateway.Appliance.Image.Ordered.ShouldBe([new UpdateOrder(new Uri("https://updates.example/x"), sum, 7, Restarts: false)]);
        (await _gateway.MustAsync("edge/system:getUpdate")).GetProperty("method").GetString().ShouldBe("image");
        await _gateway.MustAsync("edge/system:rollbackUpdate");
        _gateway.Appliance.Image.Rollbacks.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{}""", "api.assert.missing_argument")]
    [InlineData("""{"url":"http://updates.example/x"}""", "api.assert.invalid_argument")]
    [InlineData("""{"url":"/x"}""", "api.assert.invalid_argument")]
    [InlineData("""{"url":"file:///x"}""", "api.assert.invalid_argument")]
    [InlineData("""{"url":"https://u/x","sha256":"abc"}""", "api.assert.invalid_argument")]
    [InlineData("""{"url":"https://u/x","sha256":7}""", "api.assert.invalid_argument")]
    [InlineData("""{"url":"https://u/x","size":-1}""", "api.assert.invalid_argument")]
    [InlineData("""{"url":"https://u/x","restart":"no"}""", "api.assert.invalid_type")]
    public async Task An_order_that_is_none_is_refused(string body, string error)
    {
        (await _gateway.ErrorOfAsync("edge/system:update", $"\"body\":{body}")).ShouldBe(error);

        _gateway.Appliance.Image.Ordered.ShouldBeEmpty();
    }

    [Fact]
    public async Task Backups_and_updates_are_closed_to_those_who_are_nobody()
    {
        using var closed = new Gateway(new ApiOptions());

        foreach (var action in (string[])["backup", "update", "getUpdate", "rollbackUpdate"]) (await closed.ErrorOfAsync($"edge/system:{action}")).ShouldBe("security.rights.unauthorized");
        closed.Appliance.Image.Rollbacks.ShouldBe(0);
    }
}
