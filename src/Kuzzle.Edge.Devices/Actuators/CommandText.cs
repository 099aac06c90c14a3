using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>Reads what comes with a command: a bare value or an object, JSON or a word.</summary>
internal static class CommandText
{
    /// <summary>More than any command needs.</summary>
    private const int MaxBytes = 4096;

    /// <summary>The payload as a JSON value; Undefined when it is empty. Bare words such as <c>ON</c> are texts.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out JsonElement value, out string fault)
    {
        value = default;
        fault = "";
        payload = payload.Trim(" \t\r\n"u8);
        if (payload.IsEmpty) return true;
        if (payload.Length > MaxBytes)
        {
            fault = FormattableString.Invariant($"The payload has {payload.Length} bytes; {MaxBytes} are the most.");
            return false;
        }

        try
        {
            value = JsonElement.Parse(payload);
            return true;
        }
        catch (JsonException)
        {
            // A word, as Home Assistant and people send it.
            if (IsWord(payload, out var word))
            {
                value = JsonElement.Parse($"\"{word}\"");
                return true;
            }

            fault = "The payload is neither JSON nor a word.";
            return false;
        }
    }

    /// <summary>A member of an object, or a bare value by itself; Undefined when neither is there.</summary>
    public static JsonElement Member(JsonElement payload, string name) => payload.ValueKind switch
    {
        JsonValueKind.Object => payload.TryGetProperty(name, out var member) ? member : default,
        _ => payload,
    };

    /// <summary>On and off as 1 and 0, or a number; null when it is none of them.</summary>
    public static double? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String => value.GetString()!.ToUpperInvariant() switch
        {
            "ON" or "TRUE" => 1,
            "OFF" or "FALSE" => 0,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        },
        _ => null,
    };

    private static bool IsWord(ReadOnlySpan<byte> payload, out string word)
    {
        word = "";
        foreach (var letter in payload)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'-' or (byte)'.')) return false;
        }

        word = Encoding.ASCII.GetString(payload);
        return true;
    }
}
