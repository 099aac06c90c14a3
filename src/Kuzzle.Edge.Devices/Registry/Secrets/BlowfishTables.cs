using System.Numerics;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>
/// The tables that Blowfish begins with: the fraction of pi in binary, 18 words for the keys of the rounds and then four boxes of 256. Computed rather than written down: a
/// thousand constants can hide a wrong one, and this takes some milliseconds, once, where a bcrypt hash is used at all.
/// </summary>
internal static class BlowfishTables
{
    public const int RoundKeys = 18;
    public const int BoxWords = 1024;

    private const int Bits = (RoundKeys + BoxWords) * 32;

    /// <summary>More than the digits that a sum of 8,000 truncated terms can spoil.</summary>
    private const int GuardBits = 64;

    private static readonly Lazy<uint[]> Words = new(Compute);

    /// <summary>The keys of the rounds, then the boxes one after another. Not to be changed.</summary>
    public static ReadOnlySpan<uint> All => Words.Value;

    private static uint[] Compute()
    {
        // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239).
        var pi = ((16 * InverseTangent(5)) - (4 * InverseTangent(239))) >> GuardBits;
        var fraction = pi - (new BigInteger(3) << Bits);
        var bytes = fraction.ToByteArray(isUnsigned: true, isBigEndian: true);
        var words = new uint[RoundKeys + BoxWords];
        var missing = (Bits / 8) - bytes.Length;
        for (var i = 0; i < Bits / 8; i++)
        {
            var value = i < missing ? (byte)0 : bytes[i - missing];
            words[i / 4] = (words[i / 4] << 8) | value;
        }

        return words;
    }

    /// <summary>arctan(1/x) in fixed point.</summary>
    private static BigInteger InverseTangent(int x)
    {
        var power = (BigInteger.One << (Bits + GuardBits)) / x;
        var sum = power;
        var square = x * x;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= square;
            sum += (n & 2) != 0 ? -(power / n) : power / n;
        }

        return sum;
    }
}
