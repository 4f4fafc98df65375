;; The two inner loops of 8-bit CLAHE and the tables between them, in 128-bit SIMD with float32 arithmetic as in OpenCV.
;; Compiled to claheKernelBytes.ts by scripts/buildKernel.mjs. Addresses are bytes in the module's memory, which
;; claheKernel.ts lays out.
(module
  (memory (export "memory") 1)

  ;; Counts the levels of one tile in 256 int32 counters, which the caller has cleared.
  ;; Columns from `inside` to `columns` lie to the right of the image: columnMap gives their mirrored column.
  (func (export "count")
    (param $plane i32) (param $stride i32) (param $counters i32)
    (param $left i32) (param $inside i32) (param $columns i32)
    (param $top i32) (param $bottom i32) (param $columnMap i32) (param $rowMap i32)
    (local $y i32) (local $row i32) (local $x i32) (local $end i32) (local $word i32) (local $at i32)
    (local.set $y (local.get $top))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $y) (local.get $bottom)))
        (local.set $row (i32.add (local.get $plane)
          (i32.mul (local.get $stride) (i32.load (i32.add (local.get $rowMap) (i32.shl (local.get $y) (i32.const 2)))))))
        (local.set $x (i32.add (local.get $row) (local.get $left)))
        (local.set $end (i32.add (local.get $row) (local.get $inside)))
        ;; four pixels at a time
        (block $rest
          (loop $quads
            (br_if $rest (i32.gt_u (i32.add (local.get $x) (i32.const 4)) (local.get $end)))
            (local.set $word (i32.load align=1 (local.get $x)))
            (local.set $at (i32.add (local.get $counters) (i32.shl (i32.and (local.get $word) (i32.const 255)) (i32.const 2))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
            (local.set $at (i32.add (local.get $counters) (i32.and (i32.shr_u (local.get $word) (i32.const 6)) (i32.const 1020))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
            (local.set $at (i32.add (local.get $counters) (i32.and (i32.shr_u (local.get $word) (i32.const 14)) (i32.const 1020))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
            (local.set $at (i32.add (local.get $counters) (i32.shl (i32.shr_u (local.get $word) (i32.const 24)) (i32.const 2))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
            (local.set $x (i32.add (local.get $x) (i32.const 4)))
            (br $quads)))
        (block $mirror
          (loop $singles
            (br_if $mirror (i32.ge_u (local.get $x) (local.get $end)))
            (local.set $at (i32.add (local.get $counters) (i32.shl (i32.load8_u (local.get $x)) (i32.const 2))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
            (local.set $x (i32.add (local.get $x) (i32.const 1)))
            (br $singles)))
        ;; mirrored columns
        (local.set $x (local.get $inside))
        (block $next
          (loop $outside
            (br_if $next (i32.ge_u (local.get $x) (local.get $columns)))
            (local.set $at (i32.add (local.get $counters) (i32.shl
              (i32.load8_u (i32.add (local.get $row) (i32.load (i32.add (local.get $columnMap) (i32.shl (local.get $x) (i32.const 2))))))
              (i32.const 2))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
            (local.set $x (i32.add (local.get $x) (i32.const 1)))
            (br $outside)))
        (local.set $y (i32.add (local.get $y) (i32.const 1)))
        (br $rows))))

  ;; One cell between four tile centers: its four tables of 256 bytes, interleaved to 256 words
  ;; (top left, top right, bottom left, bottom right), so that a pixel needs one load instead of four.
  (func (export "interleave") (param $topLeft i32) (param $topRight i32) (param $bottomLeft i32) (param $bottomRight i32) (param $cell i32)
    (local $i i32) (local $top v128) (local $bottom v128) (local $tops v128) (local $bottoms v128) (local $out i32)
    (loop $more
      (local.set $top (v128.load (i32.add (local.get $topLeft) (local.get $i))))
      (local.set $bottom (v128.load (i32.add (local.get $topRight) (local.get $i))))
      (local.set $tops (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $top) (local.get $bottom)))
      (local.set $top (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $top) (local.get $bottom)))
      (local.set $bottoms (v128.load (i32.add (local.get $bottomLeft) (local.get $i))))
      (local.set $bottom (v128.load (i32.add (local.get $bottomRight) (local.get $i))))
      (local.set $out (i32.add (local.get $cell) (i32.shl (local.get $i) (i32.const 2))))
      (v128.store offset=0 (local.get $out) (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23
        (local.get $tops) (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $bottoms) (local.get $bottom))))
      (v128.store offset=16 (local.get $out) (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31
        (local.get $tops) (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $bottoms) (local.get $bottom))))
      (local.set $bottoms (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $bottoms) (local.get $bottom)))
      (v128.store offset=32 (local.get $out) (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $top) (local.get $bottoms)))
      (v128.store offset=48 (local.get $out) (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $top) (local.get $bottoms)))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 256)))))

  ;; Interpolates every pixel between its cell's tables, four pixels at a time. May write up to
  ;; three bytes past the end of a row: the next row overwrites them, and the caller leaves room after the last one.
  (func (export "interpolate")
    (param $plane i32) (param $output i32) (param $width i32) (param $height i32)
    (param $columnCell i32) (param $columnWeight i32) (param $rowCell i32) (param $rowWeight i32)
    (local $y i32) (local $x i32) (local $in i32) (local $out i32)
    (local $cells v128) (local $one v128) (local $b v128) (local $b1 v128) (local $a v128) (local $a1 v128)
    (local $address v128) (local $quad v128) (local $low v128)
    (local.set $one (v128.const f32x4 1 1 1 1))
    (local.set $low (v128.const i32x4 255 255 255 255))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $y) (local.get $height)))
        (local.set $cells (i32x4.splat (i32.load (i32.add (local.get $rowCell) (i32.shl (local.get $y) (i32.const 2))))))
        (local.set $b (v128.load32_splat (i32.add (local.get $rowWeight) (i32.shl (local.get $y) (i32.const 2)))))
        (local.set $b1 (f32x4.sub (local.get $one) (local.get $b)))
        (local.set $in (i32.add (local.get $plane) (i32.mul (local.get $y) (local.get $width))))
        (local.set $out (i32.add (local.get $output) (i32.mul (local.get $y) (local.get $width))))
        (local.set $x (i32.const 0))
        (loop $columns
          (local.set $a (v128.load (i32.add (local.get $columnWeight) (i32.shl (local.get $x) (i32.const 2)))))
          (local.set $a1 (f32x4.sub (local.get $one) (local.get $a)))
          ;; word address = cell row + cell column + 4 * level
          (local.set $address (i32x4.add (local.get $cells) (i32x4.add
            (v128.load (i32.add (local.get $columnCell) (i32.shl (local.get $x) (i32.const 2))))
            (i32x4.shl (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero align=1 (i32.add (local.get $in) (local.get $x))))) (i32.const 2)))))
          (local.set $quad (v128.load32_zero (i32x4.extract_lane 0 (local.get $address))))
          (local.set $quad (v128.load32_lane 1 (i32x4.extract_lane 1 (local.get $address)) (local.get $quad)))
          (local.set $quad (v128.load32_lane 2 (i32x4.extract_lane 2 (local.get $address)) (local.get $quad)))
          (local.set $quad (v128.load32_lane 3 (i32x4.extract_lane 3 (local.get $address)) (local.get $quad)))
          ;; (topLeft (1-a) + topRight a) (1-b) + (bottomLeft (1-a) + bottomRight a) b; adding 2^23 rounds half to even
          ;; and leaves the level in the lowest byte
          (v128.store32_lane align=1 0 (i32.add (local.get $out) (local.get $x))
            (i8x16.swizzle
              (f32x4.add (v128.const f32x4 8388608 8388608 8388608 8388608) (f32x4.add
                (f32x4.mul (local.get $b1) (f32x4.add
                  (f32x4.mul (local.get $a1) (f32x4.convert_i32x4_s (v128.and (local.get $quad) (local.get $low))))
                  (f32x4.mul (local.get $a) (f32x4.convert_i32x4_s (v128.and (i32x4.shr_u (local.get $quad) (i32.const 8)) (local.get $low))))))
                (f32x4.mul (local.get $b) (f32x4.add
                  (f32x4.mul (local.get $a1) (f32x4.convert_i32x4_s (v128.and (i32x4.shr_u (local.get $quad) (i32.const 16)) (local.get $low))))
                  (f32x4.mul (local.get $a) (f32x4.convert_i32x4_s (i32x4.shr_u (local.get $quad) (i32.const 24))))))))
              (v128.const i8x16 0 4 8 12 0 0 0 0 0 0 0 0 0 0 0 0)))
          (br_if $columns (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 4))) (local.get $width))))
        (local.set $y (i32.add (local.get $y) (i32.const 1)))
        (br $rows)))))
