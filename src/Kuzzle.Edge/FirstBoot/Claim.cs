using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// How a box gets its owner: a code that only its console shows, which the gateway wants of whoever makes the first administrator; and an administrator whom the owner has named
/// beforehand, who is made as soon as the gateway runs.
/// </summary>
/// <param name="root">What stands for <c>/</c>.</param>
internal sealed class Claim(string root)
{
    private const UnixFileMode ForGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly string _codeFile = Path.Combine(root, "etc/kuzzle-edge/kuzzlerc.d/10-claim.json");
    private readonly string _adminFile = Path.Combine(root, "etc/kuzzle-edge/first-admin.json");
    private readonly string _doneFile = Path.Combine(root, "etc/kuzzle-edge/claimed");

    /// <summary>The code; null when there is none yet.</summary>
    public string? Code => Read(_codeFile, static json => json.GetProperty("security").GetProperty("claimCode").GetString());

    /// <summary>The administrator whom the owner has named; null for none.</summary>
    public FirstAdmin? Reserved => Read(_adminFile, static json => new FirstAdmin(json.GetProperty("name").GetString()!, json.GetProperty("password").GetString()!));

    /// <summary>Makes the code if there is none.</summary>
    public void MakeCode()
    {
        if (Code is not null) return;

        var code = ClaimCode.Make();
        DurableFile.Write(
            _codeFile,
            Text(writer =>
            {
                writer.WriteStartObject("security");
                writer.WriteString("claimCode", code);
                writer.WriteEndObject();
            }),
            ForGroup); // The folder's group, which is the gateway's.
    }

    /// <summary>Keeps the administrator until the gateway runs, for root's eyes only; that it has had one already is looked at anew.</summary>
    public void Reserve(FirstAdmin admin)
    {
        DurableFile.Write(
            _adminFile,
            Text(writer =>
            {
                writer.WriteString("name", admin.Name);
                writer.WriteString("password", admin.Password);
            }),
            UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(_doneFile);
    }

    /// <summary>Notes that the box has an administrator, and forgets the password of the one who was named.</summary>
    public void Close()
    {
        DurableFile.Write(_doneFile, "", ForGroup | UnixFileMode.OtherRead);
        File.Delete(_adminFile);
    }

    /// <summary>What a broken or foreign file says counts as nothing, and is written anew.</summary>
    private static T? Read<T>(string path, Func<JsonElement, T?> select)
        where T : class
    {
        if (!File.Exists(path)) return null;
        try
        {
            return select(JsonElement.Parse(File.ReadAllBytes(path)));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan) + "\n";
    }
}
