using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sync.Rules;

/// <summary>What of some collections goes to the upstream, and how. Immutable; a value out of range throws when the record is made.</summary>
public sealed record SyncRule
{
    /// <summary>Which collections it is for.</summary>
    public required CollectionPattern Match { get; init; }

    /// <summary>
    /// What they are called upstream; <c>*</c> stands for the name here, so where <see cref="Match"/> has a star, there must be one. Null: as here. Set it after
    /// <see cref="Match"/>.
    /// </summary>
    public CollectionPattern? Target
    {
        get;
        init => field = value is null || Match.Allows(value)
            ? value
            : throw new ArgumentException($"must have one * where \"{Match}\" has any, or different collections would become one; this is \"{value}\"", nameof(value));
    }

    /// <summary>Which way they go.</summary>
    public SyncDirection Direction { get; init; } = SyncDirection.Up;

    /// <summary>Which version stays when a document was changed on both sides.</summary>
    public ConflictPolicy Conflict { get; init; } = ConflictPolicy.Newest;

    /// <summary>Which documents travel; null: all. One that does not match any more is deleted on the other side.</summary>
    public DocumentFilter? Filter { get; init; }

    /// <summary>Which of their fields go up. Only where nothing comes down: set it after <see cref="Direction"/>.</summary>
    public FieldSelection Fields
    {
        get;
        init => field = value.IsEverything || Direction == SyncDirection.Up
            ? value
            : throw new ArgumentException("a part of the fields can only go up: what came down without the others would replace the whole document", nameof(value));
    }
        = new([], []);

    /// <summary>How many documents travel in one request at the most; null: as many as the link allows. 1 to 1,000.</summary>
    public int? BatchSize
    {
        get;
        init => field = value is null or (>= 1 and <= 1000) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000");
    }

    /// <summary>How urgent it is: what has a larger number goes first. -1000 to 1000.</summary>
    public int Priority
    {
        get;
        init => field = value is >= -1000 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "-1000 to 1000");
    }

    /// <summary>What becomes of messages that are not stored. They go the way of <see cref="Direction"/>.</summary>
    public MessagePolicy Messages { get; init; } = MessagePolicy.None;

    /// <summary>Whether the oldest changes may be given up when the outbox is full: readings of a sensor may, an order may not.</summary>
    public bool MayBeDropped { get; init; }

    /// <summary>How long a document stays here when the upstream has it; null: for ever. A minute to 10 years. Only where documents go up: set it after <see cref="Direction"/>.</summary>
    public TimeSpan? DeleteAfter
    {
        get;
        init => field = value is null ? null
            : Direction == SyncDirection.Down ? throw new ArgumentException("is for documents that go up", nameof(value))
            : value >= TimeSpan.FromMinutes(1) && value <= TimeSpan.FromDays(3653) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a minute to 10 years");
    }

    /// <summary>
    /// Beyond which part of the disk in use, in percent, documents are removed here that the upstream has, those first that it has had for longest; null: none are. 1 to 99. Only where
    /// documents go up: set it after <see cref="Direction"/>.
    /// </summary>
    public int? DeleteAboveDisk
    {
        get;
        init => field = value is null ? null
            : Direction == SyncDirection.Down ? throw new ArgumentException("is for documents that go up", nameof(value))
            : value is >= 1 and <= 99 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 99");
    }

    /// <summary>How often what comes down is compared as a whole with the upstream; null: as often as the link does. A second to 7 days.</summary>
    public TimeSpan? CompareInterval
    {
        get;
        init => field = value is null || (value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(7))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 s to 7 days");
    }

    /// <summary>Whether documents are removed here some time after the upstream has them.</summary>
    public bool RemovesUploaded => DeleteAfter is not null || DeleteAboveDisk is not null;

    /// <summary>Whether it must be known, document by document, what the upstream holds.</summary>
    public bool KeepsMarks => Filter is not null || Direction != SyncDirection.Up || RemovesUploaded;

    /// <summary>What a store must know of the collections it is for.</summary>
    public UpstreamRoute Route => new(Direction != SyncDirection.Down, Direction != SyncDirection.Up, Priority, MayBeDropped);

    /// <summary>What a collection is called upstream.</summary>
    public CollectionName NameUpstream(CollectionName local) => Target?.Fill(local) ?? local;
}
