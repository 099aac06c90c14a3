using System.Runtime.CompilerServices;
using System.Text;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>char[GPIO_MAX_NAME_SIZE].</summary>
[InlineArray(Size)]
internal struct NameBytes
{
    public const int Size = 32;

    private byte _first;

    /// <summary>The text before the first zero; null when it is empty.</summary>
    public readonly string? Text
    {
        get
        {
            ReadOnlySpan<byte> bytes = this;
            var end = bytes.IndexOf((byte)0);
            var used = end < 0 ? bytes : bytes[..end];
            return used.IsEmpty ? null : Encoding.Latin1.GetString(used); // The kernel promises no encoding; device trees are ASCII.
        }
    }

    /// <summary>The first 31 characters; what is not ASCII becomes a question mark.</summary>
    public static NameBytes Of(string text)
    {
        var name = new NameBytes();
        Encoding.ASCII.GetBytes(text.AsSpan(0, Math.Min(text.Length, Size - 1)), name);
        return name;
    }
}
