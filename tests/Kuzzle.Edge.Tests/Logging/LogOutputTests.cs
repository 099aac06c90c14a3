using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Logging;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Parsing;

namespace Kuzzle.Edge.Tests.Logging;

public sealed class LogOutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void However_much_is_logged_the_files_keep_their_bounds()
    {
        const int maxBytes = 64 * 1024;
        const int maxFiles = 3;
        var line = new string('x', 1000);

        using (var output = new LogOutput(new LogConfiguration(LogLevel.Information, Path.Combine(_folder, "edge.log"), maxBytes, maxFiles), goesToJournal: false))
        {
            var logger = output.Loggers.CreateLogger("Test");
#pragma warning disable CA1848, CA2254 // The text of a line is what is tested; a delegate for it would be for nothing else.
            for (var i = 0; i < 1000; i++) logger.LogInformation(line);
#pragma warning restore CA1848, CA2254
        }

        var files = new DirectoryInfo(_folder).GetFiles("*.log");
        files.Length.ShouldBe(maxFiles);
        files.ShouldAllBe(file => file.Length <= maxBytes + 2000);
    }

    [Theory]
    [InlineData(LogEventLevel.Verbose, "<7>")]
    [InlineData(LogEventLevel.Debug, "<7>")]
    [InlineData(LogEventLevel.Information, "<6>")]
    [InlineData(LogEventLevel.Warning, "<4>")]
    [InlineData(LogEventLevel.Error, "<3>")]
    [InlineData(LogEventLevel.Fatal, "<2>")]
    public void The_journal_is_told_how_bad_a_line_is(LogEventLevel level, string priority)
    {
        var line = new StringWriter();

        new LogLine(new JournalStart(), () => false).Format(new LogEvent(DateTimeOffset.UnixEpoch, level, exception: null, new MessageTemplateParser().Parse("said"), []), line);

        line.ToString().ShouldBe($"{priority}said{Environment.NewLine}");
    }
}
