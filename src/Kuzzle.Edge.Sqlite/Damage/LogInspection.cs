using System.Buffers.Binary;

namespace Kuzzle.Edge.Sqlite.Damage;

/// <summary>
/// Reads SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4) as SQLite does after a crash, to tell damage from the end that a power cut leaves. SQLite itself takes both for
/// the end, in silence. With full durability a transaction is on the disk before the next one is written: so when a later transaction follows what cannot be read, that was once whole.
/// </summary>
internal static class LogInspection
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377F0682; // or with its last bit set: checksums of big-endian words

    /// <summary>Larger ones are left by an import only; to read them would hold up the start.</summary>
    private const long MaxInspectedBytes = 64 * 1024 * 1024;

    /// <summary>What is wrong, for people; null when the log is whole, or ends as a power cut may leave it.</summary>
    public static string? FindDamage(string log, StorageDurability durability)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 128 * 1024);
        if (file.Length is <= HeaderBytes or > MaxInspectedBytes) return null;

        Span<byte> header = stackalloc byte[HeaderBytes];
        file.ReadExactly(header);
        var checksum = new Checksum((BinaryPrimitives.ReadUInt32BigEndian(header) & 1) != 0);
        checksum.Add(header[..24]);
        if ((BinaryPrimitives.ReadUInt32BigEndian(header) & ~1u) != Magic || !checksum.Is(header[24..])) return "its beginning cannot be read";
        if (durability != StorageDurability.Full) return null;

        var pageBytes = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        return pageBytes is < 512 or > 65_536 ? "its beginning cannot be read" : FindDamageWithin(file, header[16..24], pageBytes, checksum);
    }

    private static string? FindDamageWithin(FileStream file, ReadOnlySpan<byte> salt, int pageBytes, Checksum checksum)
    {
        var frame = new byte[FrameHeaderBytes + pageBytes];
        long? damagedAt = null;
        var hasEnded = false; // the transaction that cannot be read
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            var isOfThisLog = frame.AsSpan(8, 8).SequenceEqual(salt);
            if (damagedAt is null)
            {
                checksum.Add(frame.AsSpan(0, 8));
                checksum.Add(frame.AsSpan(FrameHeaderBytes));
                if (isOfThisLog && checksum.Is(frame.AsSpan(16, 8))) continue;
                damagedAt = file.Position - frame.Length;
            }

            if (!isOfThisLog) continue;
            if (hasEnded) return FormattableString.Invariant($"what stands at byte {damagedAt} cannot be read, and more was written after it");
            hasEnded = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)) != 0;
        }

        return null;
    }

    /// <summary>The running checksum of headers and frames.</summary>
    private struct Checksum(bool isBigEndian)
    {
        private uint _first;
        private uint _second;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                _first += Word(bytes) + _second;
                _second += Word(bytes[4..]) + _first;
            }
        }

        public readonly bool Is(ReadOnlySpan<byte> stored) => BinaryPrimitives.ReadUInt32BigEndian(stored) == _first && BinaryPrimitives.ReadUInt32BigEndian(stored[4..]) == _second;

        private readonly uint Word(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
