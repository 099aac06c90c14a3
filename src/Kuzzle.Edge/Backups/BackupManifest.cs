using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Backups;

/// <summary>
/// What a backup says about itself. A backup is a tar archive compressed by gzip; its first file is <c>manifest.json</c>, and the files that the manifest lists
/// follow in its order: the configuration, then the data.
/// </summary>
/// <param name="Version">The version of the program that made it.</param>
/// <param name="CreatedAt">The moment whose state it is.</param>
/// <param name="Node">The box that it is of.</param>
/// <param name="Entries">The files.</param>
internal sealed record BackupManifest(string Version, DateTimeOffset CreatedAt, string Node, IReadOnlyList<BackupEntry> Entries)
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>A manifest has some hundred bytes for each file; one that were larger than this is none.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>To be counted up when an older program could misunderstand what a newer one writes.</summary>
    private const int Format = 1;

    private const string Product = "kuzzle-edge backup";

    /// <summary>As JSON.</summary>
    public byte[] Write()
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("product", Product);
            writer.WriteNumber("format", Format);
            writer.WriteString("version", Version);
            writer.WriteString("createdAt", CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("node", Node);
            writer.WriteStartArray("files");
            foreach (var entry in Entries)
            {
                writer.WriteStartObject();
                writer.WriteString("name", entry.Name);
                writer.WriteNumber("bytes", entry.Bytes);
                writer.WriteString("sha256", entry.Sha256);
                writer.WriteString("mode", Convert.ToString((int)entry.Mode, 8));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return output.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> has written, or another version of it.</summary>
    /// <exception cref="BackupException">It is none, or one that this version cannot understand.</exception>
    public static BackupManifest Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var manifest = document.RootElement;
            if (manifest.GetProperty("product").GetString() != Product) throw new BackupException(ExitCode.DataCorrupt, "this is no backup of Kuzzle.Edge");

            var version = manifest.GetProperty("version").GetString()!;
            var format = manifest.GetProperty("format").GetInt32();
            if (format > Format)
            {
                throw new BackupException(
                    ExitCode.DataCorrupt,
                    string.Create(CultureInfo.InvariantCulture, $"this backup was made by version {version}, in format {format}; this version knows format {Format} only. Upgrade the program."));
            }

            var entries = manifest.GetProperty("files").EnumerateArray().Select(ReadEntry).ToList();
            if (entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(files => files.Count() > 1) is { } twice) throw new FormatException($"it names {twice.Key} twice");

            return new BackupManifest(version, DateTimeOffset.Parse(manifest.GetProperty("createdAt").GetString()!, CultureInfo.InvariantCulture), manifest.GetProperty("node").GetString()!, entries);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new BackupException(ExitCode.DataCorrupt, $"this is no backup of Kuzzle.Edge, or a damaged one: its manifest cannot be read ({exception.Message})", exception);
        }
    }

    private static BackupEntry ReadEntry(JsonElement file)
    {
        var name = file.GetProperty("name").GetString()!;
        var bytes = file.GetProperty("bytes").GetInt64();
        var sum = file.GetProperty("sha256").GetString()!;
        const UnixFileMode permissions = (UnixFileMode)0x1FF; // 0777: no set-user-id from a file
        return IsSafe(name) && bytes >= 0
            ? new BackupEntry(name, bytes, sum, (UnixFileMode)Convert.ToInt32(file.GetProperty("mode").GetString()!, 8) & permissions)
            : throw new FormatException($"\"{name}\" is no name of a file in a backup");
    }

    /// <summary>A name must not lead out of the folder that its file is put into.</summary>
    private static bool IsSafe(string name) =>
        (name.StartsWith(BackupEntry.System, StringComparison.Ordinal) || name.StartsWith(BackupEntry.Named, StringComparison.Ordinal) || name.StartsWith(BackupEntry.Data, StringComparison.Ordinal))
        && !name.Contains('\0', StringComparison.Ordinal)
        && name.Split('/').All(part => part is not ("" or "." or ".."));
}
