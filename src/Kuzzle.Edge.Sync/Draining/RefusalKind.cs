namespace Kuzzle.Edge.Sync.Draining;

/// <summary>What can be done about a refusal.</summary>
internal enum RefusalKind
{
    /// <summary>The same request may succeed soon: nothing is wrong with what was sent, and nothing else would be taken now either.</summary>
    LinkMayPassLater,

    /// <summary>Somebody has to mend something upstream, or must have time: this waits, and other collections go on.</summary>
    WaitsAside,

    /// <summary>It is for what the request holds: a part of it, or one of its documents, will be refused again and again.</summary>
    ForGood,
}
