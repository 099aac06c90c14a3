using System.Globalization;
using Kuzzle.Edge.Logging;
using Serilog.Events;
using Serilog.Parsing;

namespace Kuzzle.Edge.Tests.Logging;

public sealed class LogLineTests
{
    [Fact]
    public void What_a_client_sent_cannot_begin_a_second_line() =>
        Format(new JournalStart(), LogEventLevel.Information, "Client {Id} has gone", ("Id", "x\n<0>kernel: panic\u001b[31m"))
            .ShouldBe("<6>Client x\\n<0>kernel: panic\\u001b[31m has gone\n");

    [Theory]
    [InlineData(LogEventLevel.Verbose, "<7>")]
    [InlineData(LogEventLevel.Debug, "<7>")]
    [InlineData(LogEventLevel.Information, "<6>")]
    [InlineData(LogEventLevel.Warning, "<4>")]
    [InlineData(LogEventLevel.Error, "<3>")]
    [InlineData(LogEventLevel.Fatal, "<2>")]
    public void The_journal_gets_syslog_priorities(LogEventLevel level, string prefix) =>
        Format(new JournalStart(), level, "said").ShouldBe($"{prefix}said\n");

    [Fact]
    public void People_get_time_level_and_who_speaks() =>
        Format(new TimedStart(), LogEventLevel.Warning, "{Count} of {Name}", ("Count", 3), ("Name", "them"), ("SourceContext", "Kuzzle.Edge.Broker.MqttBroker"))
            .ShouldBe("2026-03-04T05:06:07.008Z warn  MqttBroker: 3 of them\n");

    [Fact]
    public void An_exception_is_its_type_and_message_and_that_of_its_cause() =>
        Format(new JournalStart(), LogEventLevel.Error, "It failed", new IOException("full", new InvalidOperationException("why")))
            .ShouldBe("<3>It failed | IOException: full | InvalidOperationException: why\n");

    [Fact]
    public void At_debug_level_an_exception_is_whole_but_still_one_line()
    {
        Exception thrown;
        try
        {
            throw new IOException("full");
        }
        catch (IOException exception)
        {
            thrown = exception;
        }

        var line = Format(new JournalStart(), LogEventLevel.Error, "It failed", thrown, showsDetails: true);

        line.ShouldContain("at Kuzzle.Edge.Tests.Logging.LogLineTests");
        line.Count(character => character == '\n').ShouldBe(1);
    }

    private static string Format(ILogLineStart start, LogEventLevel level, string template, params (string Name, object Value)[] properties) =>
        Format(start, level, template, exception: null, showsDetails: false, properties);

    private static string Format(
        ILogLineStart start, LogEventLevel level, string template, Exception? exception, bool showsDetails = false, params (string Name, object Value)[] properties)
    {
        var logged = new LogEvent(
            new DateTimeOffset(2026, 3, 4, 5, 6, 7, 8, TimeSpan.Zero),
            level,
            exception,
            new MessageTemplateParser().Parse(template),
            properties.Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value))));
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new LogLine(start, () => showsDetails).Format(logged, output);
        return output.ToString();
    }
}
