using Kuzzle.Edge.Hardware.Simulated;

namespace Kuzzle.Edge.Hardware.Tests.Simulated;

public sealed class ReplaySourceTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SysfsTree _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Values_come_in_the_pace_of_the_recording()
    {
        var source = Load("# cellar\nat,temperature,humidity\n0,20.5,40\n10,21,41\n\n20,21.5,42", "humidity");

        (source.Measure(Start).Value, source.Measure(Start.AddSeconds(9.9)).Value, source.Measure(Start.AddSeconds(10)).Value, source.Measure(Start.AddSeconds(25)).Value).ShouldBe((40, 40, 41, 42));
        (source.Kind, source.Unit).ShouldBe(("humidity", "%"));
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00Z,1\n2026-01-01T00:00:30Z,2", null)]
    [InlineData("2026-01-01T00:00:00Z;x;1\n2026-01-01T00:00:30Z;y;2", "3")]
    [InlineData("100,1\n130,2", "2")]
    public void Times_are_seconds_or_moments_and_only_their_differences_count(string csv, string? column)
    {
        var source = Load(csv, column);

        source.Measure(Start).Value.ShouldBe(1);
        source.Measure(Start.AddSeconds(30)).Value.ShouldBe(2);
    }

    [Fact]
    public void A_recording_ends_or_begins_anew()
    {
        const string Csv = "0,1\n10,2";

        Load(Csv).Measure(Start).Value.ShouldBe(1);
        var once = Load(Csv);
        once.Measure(Start);
        once.Measure(Start.AddSeconds(20)).Value.ShouldBe(2);
        once.Measure(Start.AddSeconds(20.1)).Fault!.ShouldContain("has ended");
        var again = Load(Csv, repeats: true);
        again.Measure(Start);
        again.Measure(Start.AddSeconds(21)).Value.ShouldBe(1);
        again.Measure(Start.AddSeconds(1_000_010)).Value.ShouldBe(2);
    }

    [Fact]
    public void An_empty_cell_is_a_measurement_that_failed()
    {
        var source = Load("0,1\n10,\n20,3");
        source.Measure(Start);

        source.Measure(Start.AddSeconds(12)).Fault!.ShouldContain("has a gap 10 s after its start");
        source.Measure(Start.AddSeconds(20)).Value.ShouldBe(3);
    }

    [Theory]
    [InlineData("0,1\nx,2\n5,y\n3", "line 2 begins with 'x', which is neither seconds nor a time such as 2026-01-31T12:00:00Z; line 3 has 'y' for a value; line 4 has 1 columns")]
    [InlineData("0,1\n5,2\n4,3", "line 3 is earlier than the one before")]
    [InlineData("0,NaN", "line 1 has 'NaN' for a value")]
    [InlineData("at,temperature", "has no rows")]
    [InlineData("", "has no rows")]
    public void Faults_are_told_by_line(string csv, string message) => Fault(csv, column: null).ShouldContain(message);

    [Fact]
    public void A_column_that_is_not_there_is_told_with_those_that_are() => Fault("at,temperature,humidity\n0,1,2", "pressure").ShouldContain("has no column 'pressure'; it has temperature, humidity");

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        ReplaySource.Load("/nonexistent.csv", column: null, "x", "", repeats: false).Fault.ShouldBe(new HardwareFault(HardwareFaultKind.NotFound, "There is no recording /nonexistent.csv."));

    private string Write(string csv)
    {
        _files["recording.csv"] = csv;
        return Path.Combine(_files.Root, "recording.csv");
    }

    private string Fault(string csv, string? column) => ReplaySource.Load(Write(csv), column, "x", "", repeats: false).Fault.ShouldNotBeNull().Message;

    private ReplaySource Load(string csv, string? column = null, bool repeats = false)
    {
        var source = ReplaySource.Load(Write(csv), column, "humidity", "%", repeats);
        source.IsGood.ShouldBeTrue(source.Fault?.Message);
        return source.Value!;
    }
}
