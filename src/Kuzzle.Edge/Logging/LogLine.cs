using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Kuzzle.Edge.Logging;

/// <summary>
/// One event, one line: what a client sent may not begin a second line, or it could forge one. An exception is its type and message; the whole of it only where
/// debugging is on.
/// </summary>
internal sealed class LogLine(ILogLineStart start, Func<bool> showsDetails) : ITextFormatter
{
    private const string CategoryProperty = "SourceContext";

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new StringBuilder(256);
        start.Append(line, logEvent);
        if (SourceOf(logEvent) is { IsEmpty: false } source) line.Append(source).Append(": ");
        Append(line, logEvent, showsDetails());
        output.WriteLine(line.ToString());
    }

    /// <summary>The part of the program that wrote it; empty when that is not known.</summary>
    public static ReadOnlySpan<char> SourceOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(CategoryProperty, out var category) && category is ScalarValue { Value: string name } ? name.AsSpan(name.LastIndexOf('.') + 1) : [];

    /// <summary>What it says, in one line.</summary>
    public static string MessageOf(LogEvent logEvent, bool withDetails)
    {
        var line = new StringBuilder(256);
        Append(line, logEvent, withDetails);
        return line.ToString();
    }

    private static void Append(StringBuilder line, LogEvent logEvent, bool withDetails)
    {
        AppendMessage(line, logEvent);
        for (var exception = logEvent.Exception; exception is not null; exception = exception.InnerException)
        {
            if (withDetails)
            {
                line.Append(" | ");
                AppendEscaped(line, exception.ToString());
                break;
            }

            line.Append(" | ").Append(exception.GetType().Name).Append(": ");
            AppendEscaped(line, exception.Message);
        }
    }

    private static void AppendMessage(StringBuilder line, LogEvent logEvent)
    {
        using var rendered = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            // The library would put texts in quotation marks; here they are part of a sentence.
            if (token is PropertyToken property && logEvent.Properties.GetValueOrDefault(property.PropertyName) is ScalarValue { Value: { } value } && property.Format is null)
            {
                rendered.Write(value);
            }
            else
            {
                token.Render(logEvent.Properties, rendered, CultureInfo.InvariantCulture);
            }
        }

        AppendEscaped(line, rendered.ToString());
    }

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var character in text)
        {
            if (character == '\n') line.Append("\\n");
            else if (character is '\r') line.Append("\\r");
            else if (char.IsControl(character)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else line.Append(character);
        }
    }
}
