using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kuzzle.Edge.Hardware.OneWire;

/// <summary>What the file <c>w1_slave</c> of the driver w1_therm says: the nine bytes of the thermometer's memory, whether the checksum is right, and the temperature.</summary>
internal sealed record Scratchpad(byte[] Bytes, bool IsChecked, int? MilliCelsius)
{
    private const int Length = 9;

    /// <summary>What a thermometer holds until its first conversion: 85 °C.</summary>
    private const int PowerOnRaw = 0x0550;
    private const byte PowerOnReserved = 0x0C;

    /// <summary>A bus without a device, or with one that is held low, reads as zeros, and zeros have the checksum zero.</summary>
    public bool IsAllZero => Bytes.AsSpan().IndexOfAnyExcept((byte)0) < 0;

    /// <summary>
    /// Whether this is the value of a thermometer that has lost its power, or did not convert. Its byte 6 says so: after a conversion to exactly 85 °C it is 0x10. Thermometers
    /// that are no genuine ones may say 0x0C then too.
    /// </summary>
    public bool LooksLikePowerOn => (Bytes[0] | (Bytes[1] << 8)) == PowerOnRaw && Bytes[6] == PowerOnReserved;

    /// <summary>The checksum of Maxim's chips, x⁸+x⁵+x⁴+1 with the least significant bit first, over the first eight bytes.</summary>
    public static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x8C : crc >> 1;
        }

        return (byte)crc;
    }

    /// <summary>Reads the two lines of the file.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Scratchpad? scratchpad)
    {
        scratchpad = null;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2) return false;

        var words = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < Length + 1) return false;

        var bytes = new byte[Length];
        for (var i = 0; i < Length; i++)
        {
            if (!byte.TryParse(words[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i])) return false;
        }

        var equals = lines[1].LastIndexOf("t=", StringComparison.Ordinal);
        int? temperature = equals >= 0 && int.TryParse(lines[1].AsSpan(equals + 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        scratchpad = new Scratchpad(bytes, words[^1] == "YES" && Checksum(bytes.AsSpan(0, Length - 1)) == bytes[Length - 1], temperature);
        return true;
    }
}
