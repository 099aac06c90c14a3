using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Imports;

/// <summary>Reads the body of an import, <c>{"bulkData": [...]}</c>, while it comes: no more of it is in memory than one line, or a few hundred short ones.</summary>
internal sealed class ImportReader(PipeReader body)
{
    /// <summary>As much as a document of another request may have by default.</summary>
    private const int MaxLineBytes = 1 << 20;

    /// <summary>A commit of so many costs hardly more than one of a few.</summary>
    private const int MaxItems = 500;

    /// <summary>Of lines in one commit, however many reads they took: what is made of them takes several times as much.</summary>
    private const int MaxBytes = 1 << 20;

    private readonly ImportLines _lines = new();
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = JsonEntrance.MaxDepth + 2 });
    private Place _place = Place.Before;
    private bool _hasLines;
    private long _lineBytes;
    private BodyException? _fault;

    private enum Place
    {
        Before,
        InObject,
        AtValue,
        AtLines,
        InLines,
        Behind,
    }

    /// <summary>True when there is nothing more to read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The next items. What cannot be read throws <see cref="BodyException"/>, after the items before it have been answered.</summary>
    public async ValueTask<IReadOnlyList<ImportLines.Item>> ReadAsync(CancellationToken cancellationToken)
    {
        var items = new List<ImportLines.Item>();
        _lineBytes = 0;
        while (true)
        {
            if (_fault is not null) throw _fault;

            var read = await body.ReadAsync(cancellationToken);
            var isFull = Scan(read.Buffer, read.IsCompleted, items, out var consumed);
            var rest = read.Buffer.Length - consumed;
            body.AdvanceTo(read.Buffer.GetPosition(consumed), isFull ? read.Buffer.GetPosition(consumed) : read.Buffer.End);
            if (isFull) return items;

            if (read.IsCompleted)
            {
                End();
                return items;
            }

            if (rest > MaxLineBytes) throw new BodyException(ImportErrors.LineTooLarge(MaxLineBytes));
        }
    }

    private void End()
    {
        if (_place != Place.Behind) throw new BodyException(ImportErrors.Unreadable("it ends in the middle"));
        if (!_hasLines) throw new BodyException(AssertErrors.MissingArgument("body.bulkData"));
        IsAtEnd = true;
    }

    /// <summary>Reads as far as it can. True when there are items enough for one commit.</summary>
    private bool Scan(ReadOnlySequence<byte> buffer, bool isFinal, List<ImportLines.Item> items, out long consumed)
    {
        var reader = new Utf8JsonReader(buffer, isFinal, _state);
        consumed = 0;
        try
        {
            while (!IsFull(items))
            {
                // A value of which only the beginning is there is left for the next time, as a whole.
                var before = reader;
                if (_place == Place.Behind && isFinal && reader.BytesConsumed == buffer.Length) break;
                if (TryStep(ref reader, buffer, items)) continue;

                reader = before;
                break;
            }
        }
        catch (JsonException fault)
        {
            _fault = new BodyException(ImportErrors.Unreadable($"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}"));
        }
        catch (BodyException fault)
        {
            _fault = fault;
        }

        if (_fault is not null) return true; // thrown when the items before it have been dealt with

        consumed = reader.BytesConsumed;
        _state = reader.CurrentState;
        return IsFull(items);
    }

    private bool IsFull(List<ImportLines.Item> items) => items.Count >= MaxItems || _lineBytes >= MaxBytes;

    /// <summary>One step further, or false when it takes more bytes than are there.</summary>
    private bool TryStep(ref Utf8JsonReader reader, ReadOnlySequence<byte> buffer, List<ImportLines.Item> items)
    {
        if (!reader.Read()) return false;

        switch (_place)
        {
            case Place.Before when reader.TokenType == JsonTokenType.StartObject:
                _place = Place.InObject;
                return true;
            case Place.Before:
                throw new BodyException(ImportErrors.Unreadable("an import is a JSON object with bulkData"));
            case Place.InObject when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.Behind;
                return true;
            case Place.InObject:
                _place = reader.ValueTextEquals("bulkData"u8) ? Place.AtLines : Place.AtValue;
                return true;
            case Place.AtValue:
                if (!reader.TrySkip()) return false;
                _place = Place.InObject;
                return true;
            case Place.AtLines when reader.TokenType == JsonTokenType.StartArray && !_hasLines:
                _hasLines = true;
                _place = Place.InLines;
                return true;
            case Place.AtLines:
                throw new BodyException(_hasLines ? ImportErrors.Unreadable("bulkData stands there twice") : AssertErrors.InvalidType("body.bulkData", "array"));
            case Place.InLines when reader.TokenType == JsonTokenType.EndArray:
                if (!_lines.TryEnd(out var unfinished)) throw new BodyException(unfinished);
                _place = Place.InObject;
                return true;
            case Place.InLines:
                var start = reader.TokenStartIndex;
                if (!reader.TrySkip()) return false;
                Add(buffer.Slice(start, reader.BytesConsumed - start), items);
                return true;
            default:
                throw new BodyException(ImportErrors.Unreadable("something stands behind its end"));
        }
    }

    private void Add(ReadOnlySequence<byte> line, List<ImportLines.Item> items)
    {
        if (line.Length > MaxLineBytes) throw new BodyException(ImportErrors.LineTooLarge(MaxLineBytes));
        if (!JsonEntrance.TryParse(line.ToArray(), out var value, out var fault)) throw new BodyException(ImportErrors.Unreadable(fault.TrimEnd('.')));
        if (!_lines.TryAdd(value, out var item, out var refusal)) throw new BodyException(refusal);
        if (item is not null) items.Add(item);
        _lineBytes += line.Length;
    }
}
