using System.Diagnostics.Metrics;
using System.Globalization;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Tests.Wire;

namespace Kuzzle.Edge.Broker.Tests.Bounds;

public sealed class DocumentedTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Repository(), "docs", "broker.md"));

    [Fact]
    public void Every_bound_is_on_the_page_with_its_default()
    {
        var options = new MqttBrokerOptions();
        var defaults = typeof(MqttBrokerOptions).GetProperties()
            .Where(property => property.CanWrite && property.Name != nameof(MqttBrokerOptions.Id)) // Another one for each broker.
            .ToDictionary(property => property.Name, property => Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none");

        Rows("## Bounds").ToDictionary(cells => cells[0], cells => cells[1]).ShouldBe(defaults, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_counter_is_on_the_page_with_its_unit()
    {
        await using var broker = new BrokerUnderTest();
        var own = broker.Broker.Core.Metrics.Meter;
        var units = new Dictionary<string, string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == own) units.Add(instrument.Name, instrument.Unit ?? "");
        };

        listener.Start();

        Rows("## Counters").ToDictionary(cells => cells[0], cells => cells[1]).ShouldBe(units, ignoreOrder: true);
    }

    [Fact]
    public void Every_reason_to_drop_is_on_the_page()
    {
        var row = Rows("## Counters").Single(cells => cells[0] == "mqtt.messages.dropped")[2];

        foreach (var reason in BrokerMetrics.DropReasons) row.ShouldContain($"`{reason}`");
        BrokerMetrics.DropReasons.Count().ShouldBe(Enum.GetValues<DropReason>().Length);
    }

    private static IEnumerable<string[]> Rows(string heading) => Page
        .SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .Select(cells => (string[])[cells[0].Trim('`'), .. cells[1..]]);

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Kuzzle.Edge.sln"))) directory = directory.Parent ?? throw new DirectoryNotFoundException("Kuzzle.Edge.sln");
        return directory.FullName;
    }
}
