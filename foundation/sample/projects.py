"""The six projects of the sample foundation: their areas, their files, and what is said of them.

An area is a list of path patterns (``keel/autograd/*.py``) whose star is filled with a file
stem; ``things`` and ``cases`` are the phrases that commit subjects are made of.
"""

from dataclasses import dataclass

ORGANISATION = "halyard-foundation"


@dataclass(frozen=True)
class Area:
    """A part of a project that some people know better than others."""

    slug: str
    patterns: tuple[str, ...]
    stems: tuple[str, ...]
    things: tuple[str, ...]
    skills: tuple[str, ...]

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The folders of the area, each ending in a slash."""
        return tuple(dict.fromkeys(p.rpartition("/")[0] + "/" for p in self.patterns))

    def path(self, pattern: int, stem: int) -> str:
        """The file that a pattern and a stem name, both counted round."""
        return self.patterns[pattern % len(self.patterns)].replace(
            "*", self.stems[stem % len(self.stems)]
        )


@dataclass(frozen=True)
class Plan:
    """A project as it is planned, before it has a repository.

    ``shape`` is ``areas`` (each area has its own reviewers), ``star`` (one person reviews
    everything) or ``young`` (too little history to learn from). ``habit`` names the trailers
    and marks that its commits carry. ``months`` is its age at the end of the sample.
    """

    slug: str
    name: str
    description: str
    shape: str
    habit: str
    cases: tuple[str, ...]
    manifest: str
    areas: tuple[Area, ...]
    months: float = 36.0

    @property
    def github(self) -> str:
        """Owner and repository name on GitHub."""
        return f"{ORGANISATION}/{self.slug}"

    def area(self, slug: str) -> Area:
        """The area of that name; KeyError for a stranger."""
        return {area.slug: area for area in self.areas}[slug]


def _area(slug: str, patterns: str, stems: str, things: str, skills: str) -> Area:
    """An area from space-separated patterns and stems, and comma-separated phrases."""
    return Area(
        slug,
        tuple(patterns.split()),
        tuple(stems.split()),
        tuple(thing.strip() for thing in things.split(",")),
        tuple(skill.strip() for skill in skills.split(",")),
    )


def _cases(text: str) -> tuple[str, ...]:
    return tuple(case.strip() for case in text.split(","))


KEEL = Plan(
    "keel",
    "Keel",
    "A tensor library with automatic differentiation, on CPU and GPU.",
    "areas",
    "phabricator",
    _cases(
        "for empty tensors, on non-contiguous input, with bfloat16, on CPU, under torch-style "
        "broadcasting, for zero-dimensional tensors, when strides are negative, in eval mode"
    ),
    "pyproject.toml",
    (
        _area(
            "autograd",
            "keel/autograd/*.py csrc/autograd/*.cpp tests/autograd/test_*.py",
            "engine function graph hooks gradcheck saved_tensors anomaly forward_mode profiler",
            "saved tensor hooks, the backward of index_select, double backward of conv2d, "
            "forward-mode gradients, anomaly detection, gradient accumulation order, "
            "the engine's ready queue, gradcheck tolerances, custom autograd functions",
            "automatic differentiation, C++, Python",
        ),
        _area(
            "kernels",
            "csrc/cuda/*.cu csrc/cuda/*.cuh benchmarks/cuda/bench_*.py",
            "softmax reduce gemm scatter layer_norm sort scan attention philox",
            "the softmax kernel, block reduction, shared memory padding, the fused layer norm, "
            "scatter_add atomics, the attention kernel, warp shuffles, launch bounds, "
            "vectorised loads in reduce",
            "CUDA, GPU kernels, performance",
        ),
        _area(
            "quantization",
            "keel/quantization/*.py csrc/quantized/*.cpp tests/quantization/test_*.py",
            "observer qconfig fake_quant convert int8 calibrate per_channel packing",
            "per-channel observers, int8 linear, fake quantisation, weight packing, "
            "calibration of activations, the histogram observer, qconfig defaults, "
            "dequantise on the fly, int4 grouped weights",
            "quantization, Python, C++",
        ),
        _area(
            "distributed",
            "keel/distributed/*.py csrc/distributed/*.cpp tests/distributed/test_*.py",
            "process_group all_reduce rendezvous store checkpoint pipeline sharding elastic",
            "process group timeouts, all_reduce bucketing, the TCP store, sharded checkpoints, "
            "elastic rendezvous, pipeline stage scheduling, uneven shards, rank reassignment, "
            "the flight recorder",
            "distributed training, Python, networking",
        ),
        _area(
            "nn",
            "keel/nn/*.py keel/nn/functional/*.py tests/nn/test_*.py",
            "linear conv rnn attention embedding dropout loss norm init transformer",
            "multi-head attention masks, embedding padding, the GRU cell, label smoothing, "
            "lazy modules, group norm, parameter initialisation, the transformer encoder, "
            "state dict prefixes",
            "neural networks, Python, testing",
        ),
        _area(
            "build",
            "cmake/*.cmake .github/workflows/*.yml tools/*.py",
            "dependencies wheels nightly linux macos windows sccache versioning lint",
            "the manylinux wheel, compiler cache keys, the nightly build, CUDA arch flags, "
            "the Windows runner, symbol visibility, version stamping, lint in CI",
            "build systems, CI, CMake",
        ),
    ),
)

SEXTANT = Plan(
    "sextant",
    "Sextant",
    "An optimising compiler for array programs, written in Rust.",
    "areas",
    "kernel",
    _cases(
        "for nested closures, in loops with early exits, on generic functions, with debug info, "
        "for zero-sized types, across crate borders, at -O0, when shapes are symbolic"
    ),
    "Cargo.toml",
    (
        _area(
            "parser",
            "crates/frontend/src/*.rs crates/frontend/tests/*.rs docs/grammar/*.md",
            "lexer parser span resolve macros diagnostics literals patterns imports",
            "error recovery in the parser, span tracking, attribute parsing, raw string literals, "
            "name resolution of imports, diagnostics notes, pattern exhaustiveness, "
            "the token stream",
            "parsing, Rust, diagnostics",
        ),
        _area(
            "ir",
            "crates/ir/src/*.rs crates/ir/tests/*.rs",
            "block value types builder verifier printer dominance layout effects",
            "the verifier, dominance queries, the textual printer, block arguments, effect tokens, "
            "type interning, the builder's insertion point, layout of aggregates",
            "intermediate representations, Rust, type systems",
        ),
        _area(
            "optimizer",
            "crates/opt/src/*.rs crates/opt/src/loops/*.rs crates/opt/tests/*.rs",
            "fusion inline licm gvn dce tiling vectorize unroll alias",
            "loop fusion, the inliner's cost model, alias analysis, loop tiling, "
            "dead store elimination, global value numbering, the vectoriser, unroll heuristics, "
            "invariant code motion",
            "compiler optimisation, Rust, loop transformations",
        ),
        _area(
            "codegen",
            "crates/codegen/src/*.rs crates/codegen/src/x64/*.rs crates/codegen/src/ptx/*.rs",
            "isel regalloc emit abi relocations legalize peephole schedule",
            "instruction selection, spill placement, the AArch64 calling convention, "
            "PTX emission, relocation entries, live range splitting, peephole rules, "
            "the machine scheduler",
            "code generation, Rust, assembly",
        ),
        _area(
            "runtime",
            "runtime/src/*.cpp runtime/include/*.h runtime/tests/test_*.cpp",
            "allocator thread_pool device stream trace jit_cache memory_map unwind",
            "the arena allocator, thread pool shutdown, device streams, the JIT cache, "
            "trace buffers, stack unwinding, memory-mapped constants, work stealing",
            "runtime systems, C++, concurrency",
        ),
    ),
)

TIDEWATER = Plan(
    "tidewater",
    "Tidewater",
    "Loads, samples and prefetches training data.",
    "areas",
    "mergebot",
    _cases(
        "on S3, with many workers, for empty shards, when the file is truncated, on Windows, "
        "after a resume, with a memory budget"
    ),
    "pyproject.toml",
    (
        _area(
            "readers",
            "tidewater/readers/*.py tests/readers/test_*.py",
            "parquet arrow tar jsonl s3 local webdataset schema csv_reader",
            "the Parquet reader, tar shards, schema evolution, S3 range requests, "
            "JSON lines with nulls, Arrow batches, retry of failed reads, compressed CSV",
            "file formats, Python, cloud storage",
        ),
        _area(
            "sampling",
            "tidewater/sampling/*.py tests/sampling/test_*.py",
            "shuffle weighted distributed stratified replay state bucket",
            "the shuffle buffer, weighted sampling, sampler state, stratified epochs, "
            "distributed shards, length bucketing, replay after a crash",
            "sampling, Python, statistics",
        ),
        _area(
            "prefetch",
            "src/prefetch/*.rs tidewater/prefetch/*.py src/prefetch/tests/*.rs",
            "ring worker shared_memory pin backpressure queue pool",
            "the ring buffer, shared memory segments, worker respawn, backpressure, "
            "pinned memory, the prefetch queue, worker start-up",
            "Rust, concurrency, shared memory",
        ),
        _area(
            "transforms",
            "tidewater/transforms/*.py tests/transforms/test_*.py",
            "resize tokenize collate crop normalize mixup compose cache",
            "the collate function, bilinear resize, tokeniser batching, random crop, "
            "mixup labels, the transform cache, composed transforms",
            "data augmentation, Python, images",
        ),
    ),
)
