using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>bcrypt, as Provos and Mazières define it in "A Future-Adaptable Password Scheme": Blowfish with an expensive key schedule. Versions 2a, 2b and 2y, which differ in faults of old programs only.</summary>
internal sealed class BcryptHash : ISecretHash
{
    public const string Name = "bcrypt";

    /// <summary>Each step doubles the time; 14 is two seconds and more of a small board.</summary>
    public const int MaxCost = 14;

    private const int MinCost = 4;
    private const int SaltBytes = 16;
    private const int HashBytes = 23;

    /// <summary>What bcrypt looks at of a password, its closing zero included.</summary>
    private const int MaxKeyBytes = 72;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly int _cost;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private BcryptHash(string text, int cost, byte[] salt, byte[] hash)
    {
        Text = text;
        _cost = cost;
        _salt = salt;
        _hash = hash;
    }

    public string Text { get; }

    public string Scheme => Name;

    /// <summary>Reads a line; null when it is none, or would take too long.</summary>
    public static BcryptHash? Parse(string text)
    {
        if (text.Split('$') is not ["", "2a" or "2b" or "2y", { Length: 2 } number, { Length: 53 } encoded]) return null;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var cost) || cost is < MinCost or > MaxCost) return null;

        var salt = Decode(encoded.AsSpan(0, 22), SaltBytes);
        var hash = Decode(encoded.AsSpan(22), HashBytes);
        return salt is null || hash is null ? null : new BcryptHash(text, cost, salt, hash);
    }

    public bool Verify(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        var key = new byte[Math.Min(bytes.Length + 1, MaxKeyBytes)];
        bytes.AsSpan(0, Math.Min(bytes.Length, MaxKeyBytes)).CopyTo(key);
        return CryptographicOperations.FixedTimeEquals(Compute(key), _hash);
    }

    private byte[] Compute(byte[] key)
    {
        var cipher = new Cipher(_salt, key);
        for (var round = 1L << _cost; round > 0; round--)
        {
            cipher.Expand(key);
            cipher.Expand(_salt);
        }

        var block = new byte[24];
        "OrpheanBeholderScryDoubt"u8.CopyTo(block);
        for (var at = 0; at < block.Length; at += 8)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at));
            var right = BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at + 4));
            for (var i = 0; i < 64; i++) cipher.Encrypt(ref left, ref right);
            BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(at), left);
            BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(at + 4), right);
        }

        return block[..HashBytes];
    }

    /// <summary>bcrypt's base 64: letters of its own, highest bits first, no padding.</summary>
    private static byte[]? Decode(ReadOnlySpan<char> text, int length)
    {
        var bytes = new byte[length];
        var (bits, count, at) = (0, 0, 0);
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0) return null;

            bits = ((bits << 6) | value) & 0xFFFF;
            count += 6;
            if (count < 8 || at == length) continue;

            count -= 8;
            bytes[at++] = (byte)(bits >> count);
        }

        return bytes;
    }

    /// <summary>Blowfish with the key schedule of bcrypt.</summary>
    private sealed class Cipher
    {
        private readonly uint[] _keys = BlowfishTables.All[..BlowfishTables.RoundKeys].ToArray();
        private readonly uint[] _boxes = BlowfishTables.All[BlowfishTables.RoundKeys..].ToArray();

        public Cipher(byte[] salt, byte[] key)
        {
            MixIn(key);
            Fill(salt);
        }

        public void Expand(byte[] key)
        {
            MixIn(key);
            Fill(salt: []);
        }

        public void Encrypt(ref uint left, ref uint right)
        {
            var (l, r) = (left, right);
            var keys = _keys;
            var boxes = _boxes;
            for (var i = 0; i < 16; i += 2)
            {
                l ^= keys[i];
                r ^= ((boxes[l >> 24] + boxes[256 + (int)((l >> 16) & 0xFF)]) ^ boxes[512 + (int)((l >> 8) & 0xFF)]) + boxes[768 + (int)(l & 0xFF)];
                r ^= keys[i + 1];
                l ^= ((boxes[r >> 24] + boxes[256 + (int)((r >> 16) & 0xFF)]) ^ boxes[512 + (int)((r >> 8) & 0xFF)]) + boxes[768 + (int)(r & 0xFF)];
            }

            left = r ^ keys[17];
            right = l ^ keys[16];
        }

        private void MixIn(byte[] key)
        {
            var at = 0;
            for (var i = 0; i < _keys.Length; i++) _keys[i] ^= NextWord(key, ref at);
        }

        private void Fill(byte[] salt)
        {
            var at = 0;
            var (left, right) = (0u, 0u);
            Fill(_keys, salt, ref at, ref left, ref right);
            Fill(_boxes, salt, ref at, ref left, ref right);
        }

        private void Fill(uint[] table, byte[] salt, ref int at, ref uint left, ref uint right)
        {
            for (var i = 0; i < table.Length; i += 2)
            {
                if (salt.Length > 0)
                {
                    left ^= NextWord(salt, ref at);
                    right ^= NextWord(salt, ref at);
                }

                Encrypt(ref left, ref right);
                table[i] = left;
                table[i + 1] = right;
            }
        }

        private static uint NextWord(byte[] bytes, ref int at)
        {
            var word = 0u;
            for (var i = 0; i < 4; i++)
            {
                word = (word << 8) | bytes[at];
                at = (at + 1) % bytes.Length;
            }

            return word;
        }
    }
}
