namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>An operation with an answer.</summary>
internal abstract class WriteOperation<T> : WriteOperation
{
    // Asynchronously: what a caller does with the answer must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;
    private Exception? _refusal;

    /// <summary>Completes after the commit.</summary>
    public Task<T> Durable => _completion.Task;

    public sealed override void Execute(WriteContext context)
    {
        _refusal = null;
        _answer = Perform(context);
    }

    public sealed override void Complete()
    {
        if (_refusal is null) _completion.TrySetResult(_answer!);
        else _completion.TrySetException(_refusal);
    }

    public sealed override void Fail(Exception reason) => _completion.TrySetException(reason);

    /// <summary>It cannot be done, and did nothing; its neighbours in the transaction go on.</summary>
    protected void Refuse(Exception reason) => _refusal = reason;

    protected abstract T Perform(WriteContext context);
}
