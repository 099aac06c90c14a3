using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Lines;

/// <summary>Answers one JSON object a line. A line that cannot be understood is answered too, and changes nothing.</summary>
internal sealed class LineDriver(int maxConditions)
{
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Room> _roomOf = new(StringComparer.Ordinal);
    private readonly List<Room> _matches = [];
    private FilterIndex<Room> _index = new();

    /// <summary>Reads lines to the end of the input. Answers leave whenever no further line is waiting.</summary>
    public async Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        var writer = PipeWriter.Create(output, new StreamPipeWriterOptions(minimumBufferSize: 1 << 16));
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, read.IsCompleted, out var line)) Answer(line, writer);

            await writer.FlushAsync(cancellationToken);
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) return;
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        if (!isLast || rest.IsEmpty) return false;

        line = rest;
        rest = rest.Slice(rest.End);
        return true;
    }

    private void Answer(ReadOnlySequence<byte> line, IBufferWriter<byte> output)
    {
        using var answer = new Utf8JsonWriter(output);
        answer.WriteStartObject();
        try
        {
            using var request = JsonDocument.Parse(line);
            Execute(request.RootElement, answer);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            Refuse(answer, $"The line is no request: {wrong.Message}");
        }

        answer.WriteEndObject();
        answer.Flush();
        output.Write("\n"u8);
    }

    private void Execute(JsonElement request, Utf8JsonWriter answer)
    {
        var operation = request.GetProperty("op").GetString();
        switch (operation)
        {
            case "reset":
                _rooms.Clear();
                _roomOf.Clear();
                _index = new FilterIndex<Room>();
                answer.WriteBoolean("ok", true);
                break;
            case "register":
                Register(Name(request), request.GetProperty("filter"), answer);
                break;
            case "remove":
                if (!TryLeave(Name(request))) Refuse(answer, "There is no filter of this name.");
                else answer.WriteBoolean("ok", true);
                break;
            case "test":
                Test(request.GetProperty("doc"), answer);
                break;
            default:
                Refuse(answer, $"Unknown operation {operation}; known are reset, register, remove and test.");
                break;
        }
    }

    private void Register(string name, JsonElement json, Utf8JsonWriter answer)
    {
        if (!KoncordeFilter.TryParse(json, maxConditions, out var filter, out var refusal))
        {
            Refuse(answer, refusal);
            return;
        }

        TryLeave(name); // a name registered again means the new filter
        if (!_rooms.TryGetValue(filter.CanonicalText, out var room))
        {
            room = new Room(filter.CanonicalText);
            _rooms.Add(filter.CanonicalText, room);
            _index.Add(filter, room);
        }

        room.Names.Add(name);
        _roomOf.Add(name, room);
        answer.WriteBoolean("ok", true);
        answer.WriteString("room", room.Id);
    }

    private bool TryLeave(string name)
    {
        if (!_roomOf.Remove(name, out var room)) return false;

        room.Names.Remove(name);
        if (room.Names.Count > 0) return true;

        _index.Remove(room);
        _rooms.Remove(room.CanonicalText);
        return true;
    }

    private void Test(JsonElement document, Utf8JsonWriter answer)
    {
        _matches.Clear();
        _index.CollectMatches(document, id: null, _matches);
        answer.WriteBoolean("ok", true);
        answer.WriteStartArray("names");
        foreach (var room in _matches)
        {
            foreach (var name in room.Names) answer.WriteStringValue(name);
        }

        answer.WriteEndArray();
    }

    private static string Name(JsonElement request) => request.GetProperty("name").ToString();

    private static void Refuse(Utf8JsonWriter answer, string message)
    {
        answer.WriteBoolean("ok", false);
        answer.WriteString("message", message);
    }
}
